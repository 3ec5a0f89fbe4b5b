"""The checker flags every silently wrong snippet of the site, and passes every right one."""

import functools
import re
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(Path(__file__).parent))

from measured.checker.adapters import ADAPTERS, EXEMPT, STEPS  # noqa: E402
from measured.checker.claims import named  # noqa: E402

SNIPPETS = ROOT / "snippets"
PAGE = ROOT / "docs/guides/checker.md"
MATRIX = re.compile(r"(?<=<!-- matrix -->\n).*?(?=<!-- end of matrix -->)", re.DOTALL)
#: What the checker says of code that is as it should be.
PASSES = ("right", "zero")
UNTRIED = "say in tests/snippets/adapters.py how to put this snippet to the checker:"
#: Here `zero` is the finding: its inner gradient is fixed, and that is what is wrong.
FOUND_BY_ZERO = {"pitfalls/zero_curvature/relu.py"}


def pairs():
    """List (wrong, right) of all silently wrong snippets."""
    found = []
    for path in sorted(SNIPPETS.rglob("*.py")):
        header = re.match(r"# wrong: .*\n# right: (.*)\n", path.read_text(encoding="utf-8"))
        if header:
            found.append((path.relative_to(SNIPPETS).as_posix(), header[1].strip()))
    return found


def tried():
    """List (wrong, right) of those whose number is a derivative."""
    return [pair for pair in pairs() if pair[0] not in EXEMPT]


@functools.cache
def checker():
    """The checker as a reader copies it."""
    text = (SNIPPETS / "guides/checker/checker.py").read_text(encoding="utf-8")
    namespace = {}
    exec(text.partition("# --8<-- [end:checker]")[0], namespace)
    return namespace["check"]


@functools.cache
def verdicts(wrong, right):
    """The checker's first words on the wrong snippet and on the right one."""
    return first_words(wrong, wrong, right), first_words(right, wrong, right)


def first_words(name, wrong, right):
    """The checker's first words on one snippet of a pair."""
    try:
        loss_fn, params = ADAPTERS.get(wrong, named())(name, right)
    except LookupError as error:
        pytest.fail(f"{UNTRIED} {wrong}: {error}", pytrace=False)
    torch.manual_seed(0)
    said = checker()(loss_fn, params, step=STEPS.get(wrong, 1e-5))
    return re.split(r"[:(]", said)[0].strip()


@pytest.mark.parametrize(("wrong", "right"), tried(), ids=lambda name: name.removesuffix(".py"))
def test_the_checker_tells_wrong_from_right(wrong, right):
    """The wrong snippet is flagged, and the right one passes."""
    on_wrong, on_right = verdicts(wrong, right)
    if wrong in FOUND_BY_ZERO:
        assert (on_wrong, on_right) == ("zero", "right")
    else:
        assert on_wrong not in PASSES, f"{UNTRIED} {wrong}"
        assert on_right in PASSES, f"{UNTRIED} {wrong}, so that {right} passes"


def test_every_adapter_has_its_snippet():
    """What is said of a snippet that is gone, or no longer wrong, goes as well."""
    wrong = {name for name, _ in pairs()}
    assert set(ADAPTERS) - wrong == set()
    assert set(EXEMPT) - wrong == set()
    assert set(STEPS) - wrong == set()
    assert set(ADAPTERS) & set(EXEMPT) == set()


@pytest.mark.parametrize("name", sorted(EXEMPT))
def test_the_exempt_have_no_derivative(name):
    """An exemption has a reason, and its number is a count, a truth value or a stale value."""
    assert re.fullmatch(r"[A-Z][^.]{10,80}\.", EXEMPT[name])
    header = re.match(r"# wrong: \w+ is (\S+),", (SNIPPETS / name).read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+|True|False", header[1]) or name == "pitfalls/sharded/kept.py"


def test_the_matrix_on_the_page_is_true():
    """The table on the checker's page says what the checker says today."""
    assert MATRIX.search(PAGE.read_text(encoding="utf-8"))[0] == matrix(), (
        "write it anew: python tests/snippets/test_checker.py"
    )


def matrix():
    """The table of verdicts, in Markdown."""
    head = "\n| Page | Wrong | Verdict | Right | Verdict | Tried |\n"
    return head + "| --- " * 6 + "|\n" + "".join(map(row, pairs())) + "\n"


def row(pair):
    """A line of the table."""
    wrong, right = pair
    folder = f"{Path(wrong).parent.as_posix()}/"
    on_wrong, on_right = ("not tried",) * 2 if wrong in EXEMPT else verdicts(wrong, right)
    page = page_of(wrong)
    name = title(page)
    names = [text.removeprefix(folder).removesuffix(".py") for text in pair]
    one, other = (text.replace("_", "_<wbr>") for text in names)  # a narrow column breaks there
    cells = [f"[{name}](../{page})", one, on_wrong, other, on_right, how(wrong)]
    return f"| {' | '.join(cells)} |\n"


def how(wrong):
    """How the pair was tried, or why not."""
    if wrong in EXEMPT:
        return f"exempt: {EXEMPT[wrong]}"
    name = ADAPTERS[wrong].how if wrong in ADAPTERS else "as it is"
    return f"{name}, `step={STEPS[wrong]}`" if wrong in STEPS else name


def page_of(name):
    """The page that shows the snippet: the one that its folder mirrors, or the first."""
    own = Path(name).parent.as_posix().replace("_", "-") + ".md"
    shown = [page for page, text in pages().items() if f'--8<-- "{name}' in text]
    return own if own in shown else shown[0]


@functools.cache
def pages():
    """Page -> its text."""
    docs = ROOT / "docs"
    found = {page.relative_to(docs).as_posix(): page for page in sorted(docs.rglob("*.md"))}
    return {name: page.read_text(encoding="utf-8") for name, page in found.items()}


def title(page):
    """The page's title."""
    return re.search(r"^title: (.*)$", pages()[page], re.MULTILINE)[1].strip("'\"")


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MATRIX.sub(lambda _: matrix(), text), encoding="utf-8")
