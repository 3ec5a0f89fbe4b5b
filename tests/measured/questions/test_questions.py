"""The questions are whole, are judged, and are counted rightly."""

from types import SimpleNamespace

import pytest

from measured.questions import page
from measured.questions.page import HALVES, Question, Result

PATHS = ("github.com", "discuss.pytorch.org", "stackoverflow.com", "stackexchange.com")


@pytest.fixture(scope="module")
def asked():
    """All questions."""
    return page.questions()


def test_there_are_enough_of_each_kind(asked):
    """Five hundred, from each year and each area, and each address once."""
    assert len(asked) >= 500
    assert {one.year for one in asked} == set(range(2017, 2027))
    addresses = [url for one in asked for url in (one.url, *one.also)]
    assert len(addresses) == len(set(addresses))
    assert all(any(host in one.url for host in PATHS) for one in asked)


def test_each_question_is_whole(asked):
    """What is typed is a few words; the answer says something, and how it is known."""
    for one in asked:
        assert 2 <= len(one.query.split()) <= 12, one.url
        assert min(len(one.answer.split()), len(one.situation.split())) >= 3, one.url
        assert one.basis in ("run", "thread", "source") and one.people >= 1, one.url


def test_each_question_is_judged(asked, report):
    """With a page that exists, or with none and no points."""
    answers = page.kit.load(page.ANSWERS)
    assert {one.url for one in asked} == set(answers)
    known = {path.removeprefix("docs/").removesuffix(".md") for path in report.pages}
    known |= {name.removesuffix("index").rstrip("/") for name in known}
    for url, (score, pages, why) in answers.items():
        assert score in (0, 0.5, 1), url
        assert bool(pages) == bool(score) and len(why.split()) > 1, url
        assert set(pages.split()) <= known, url


def test_some_are_judged_twice(asked):
    """Fifty of the half that is only measured, by a judge who saw nothing of the other's."""
    again = page.kit.load(page.AGAIN)
    assert len(again) == 50
    assert again.keys() <= {one.url for one in asked if one.half == "kept"}
    assert page.agreement(None) == "47 of 50"


def test_what_was_found_was_asked(asked):
    """The search was measured with these questions and no others."""
    data = page.kit.load(page.FILE)
    assert {one.url for one in asked} == set(data["found"])
    assert {one.url for one in asked if one.message} == set(data["pasted"])


def question(message=""):
    return Question("u", [], 2020, "gan", "s", message, "q", "a", "run", 1)


def test_shares_are_of_what_there_is():
    """Answered: the mean score. Found: of those with a page. Pasted: of those with a message."""
    of = [
        Result(question(), 1, 0, None),
        Result(question("m"), 0.5, 2, 0),
        Result(question("m"), 0.5, None, 1),
        Result(question(), 0, None, None),
    ]
    assert page.row("gan", of) == ("gan", 4, "50%", "33%", "67%", "50%")
    assert page.row("gan", of[3:]) == ("gan", 1, "0%", "none", "none", "none")


def test_one_of_several_pages_that_serve_is_enough():
    assert page.place("a/b c", ["x", "c", "a/b"]) == 1
    assert page.place("a/b", ["x"]) is page.place("", ["", "x"]) is None


def test_there_are_two_halves():
    """Of about the same size; another is named in the error."""
    sizes = [sum(one.half == half for one in page.questions()) for half in HALVES]
    assert min(sizes) > 0.4 * sum(sizes)
    with pytest.raises(LookupError, match="no half other, only looked and kept"):
        page.table(SimpleNamespace(), "other")
