"""Every snippet is what it states, and would be caught if it were not."""

import re

from proofread.compare import compare
from proofread.runner import Runner
from proofread.snippet import parse
from proofread.verify import VERIFIED

CREATE_GRAPH = re.compile(r",\s*create_graph=True|create_graph=True(?:,\s*)?")


def test_every_snippet_is_verified(report):
    """Nothing on the site is untrue."""
    assert [str(fault) for fault in report.faults] == []
    assert report.count(status=VERIFIED) == len(report.verdicts) - len(report.not_run())


def test_every_snippet_states_something(report):
    """A snippet without any asserted line proves nothing."""
    silent = [v.snippet.path for v in report.verdicts.values() if not v.snippet.asserted]
    assert silent == []


def test_what_pages_show_is_short(report):
    """Readers copy it: 5 to 25 lines of code, 40 at most, no line wider than a screen."""
    for page in report.pages.values():
        for piece in page.includes:
            snippet = report.verdicts[piece.name].snippet
            lines = snippet.code(*snippet.span(piece.section)).splitlines()
            code = [line for line in lines if line.strip() and not line.startswith("#")]
            assert len(code) <= 40, f"{page.path}:{piece.line}"
            assert max(map(len, lines)) <= 100, f"{page.path}:{piece.line}"


def test_every_stated_digit_matters(report):
    """Change any one digit that a snippet states, and it is no longer true."""
    survivors = [
        f"{mutant.path}: {line}"
        for verdict in report.verdicts.values()
        for mutant, line in changed_digits(verdict.snippet)
        if not compare(mutant, verdict.outcome, right_of(verdict, report))
    ]
    assert survivors == []


def test_every_create_graph_matters(report, tmp_path):
    """Delete any one ``create_graph=True``, and its snippet is no longer true."""
    mutants = {}
    for verdict in report.verdicts.values():
        for number, text in enumerate(without_create_graph(verdict.snippet.text)):
            mutants[f"{verdict.name}#{number}"] = (verdict, text)
    assert mutants, "the site is about create_graph"
    assert survivors_when_run(mutants, report, tmp_path) == []


def right_of(verdict, report):
    """The outcome of the snippet that does it right."""
    right = verdict.snippet.right
    return report.verdicts[right].outcome if right else None


def changed_digits(snippet):
    """Yield the snippet with one stated digit changed, and the changed line."""
    lines = snippet.text.splitlines()
    stated = {number for statement in snippet.statements for number in statement.lines}
    if snippet.wrong:
        stated.add(snippet.wrong.line)
    for number in sorted(stated):
        line = lines[number - 1]
        for digit in re.finditer(r"\d", line):
            other = str((int(digit[0]) + 1) % 10)
            changed = line[: digit.start()] + other + line[digit.end() :]
            text = "\n".join([*lines[: number - 1], changed, *lines[number:]]) + "\n"
            yield parse(snippet.name, snippet.path, text), changed


def without_create_graph(text):
    """Yield the text with one ``create_graph=True`` deleted from the code."""
    for match in CREATE_GRAPH.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not line.startswith("#"):
            yield text[: match.start()] + text[match.end() :]


def survivors_when_run(mutants, report, folder):
    """Run the mutants; name those that still do all that they state."""
    snippets = []
    for name, (_, text) in mutants.items():
        path = folder / (name.replace("/", "-").replace("#", "-") + ".py")
        path.write_text(text, encoding="utf-8")
        snippets.append(parse(name, str(path), text))
    with Runner() as runner:
        return [
            snippet.name
            for snippet, outcome in runner.run(snippets)
            if not compare(snippet, outcome, right_of(mutants[snippet.name][0], report))
        ]
