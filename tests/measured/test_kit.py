"""What all measured pages share: files that can be compared, runs that can be interrupted."""

import json

import pytest

from measured import kit


@pytest.fixture
def partial(tmp_path, monkeypatch):
    """Where interrupted runs leave what they have."""
    monkeypatch.setattr(kit, "PARTIAL", tmp_path)
    return tmp_path / "x.jsonl"


def numbers(asked, dies_at=None):
    """A measurement that says what it was asked for, and may be interrupted."""

    def measure(left):
        for what in left:
            asked.append(what)
            if what == dies_at:
                raise KeyboardInterrupt
            yield what, len(what)

    return measure


def test_an_interrupted_run_goes_on(partial):
    """What was done is not measured again; what was cut while it was written is."""
    asked = []
    with pytest.raises(KeyboardInterrupt):
        kit.resume("x", {"torch": "1"}, ["a", "bb", "ccc"], numbers(asked, dies_at="ccc"))
    partial.write_text(partial.read_text()[:-3])
    asked.clear()
    found = kit.resume("x", {"torch": "1"}, ["a", "bb", "ccc"], numbers(asked))
    assert asked == ["bb", "ccc"]
    assert found == {"a": 1, "bb": 2, "ccc": 3}
    assert not partial.exists()


def test_an_interrupted_run_elsewhere_says_nothing_here(partial):
    """Another version is measured from its beginning."""
    asked = []
    with pytest.raises(KeyboardInterrupt):
        kit.resume("x", {"torch": "1"}, ["a", "bb"], numbers(asked, dies_at="bb"))
    asked.clear()
    kit.resume("x", {"torch": "2"}, ["a", "bb"], numbers(asked))
    assert asked == ["a", "bb"]


@pytest.mark.parametrize("depth", range(5))
def test_a_file_holds_what_was_saved(tmp_path, depth):
    """At any depth, and nothing is left of its draft."""
    data = {"a": [{"b": 1, "c": [1, 2]}, {}], "é": {"d": []}, "e": None}
    kit.save(tmp_path / "data.json", data, depth)
    assert kit.load(tmp_path / "data.json") == data
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]
    assert kit.load(tmp_path / "none.json") == {}


def test_what_is_written_meanwhile_is_read(tmp_path):
    """A file is read once for each of its states, and nobody's changes reach the next reader."""
    file = tmp_path / "data.json"
    kit.save(file, {"a": 1})
    kit.load(file)["b"] = 2
    assert kit.load(file) == {"a": 1}
    kit.save(file, {"a": 33})
    assert kit.load(file) == {"a": 33}


def test_one_record_is_one_line(tmp_path):
    """So that a difference of two files is a list of records."""
    kit.save(tmp_path / "data.json", {"where": "here", "records": [{"a": 1}, {"a": 2}]})
    lines = (tmp_path / "data.json").read_text().splitlines()
    assert [json.loads(line.rstrip(",")) for line in lines if "{" in line[:1] and "}" in line] == [
        {"a": 1},
        {"a": 2},
    ]


def test_changes_are_lines():
    """What is new, gone or another; not what is the same."""
    found = kit.changes({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 4})
    assert list(found) == ["b was 2, is 5", "c was 3, is absent", "d was absent, is 4"]


def test_tables_and_cuts():
    """In Markdown, with numbers to the right; at the end of a word."""
    assert kit.table("ab", ["12"]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert kit.table("ab", ["12"], numbers=True).splitlines()[1] == "| --- | ---: |"
    assert kit.shortened("one two three", 8) == "one two …"
    assert kit.shortened("one two", 7) == "one two"
