"""Every snippet is what it states."""

from proofread.judge.verdict import VERIFIED
from proofread.show.kinds import Include


def test_every_snippet_is_verified(report):
    """Nothing on the site is untrue."""
    assert [str(fault) for fault in report.faults] == []
    assert sum(v.status == VERIFIED for v in report.verdicts.values()) == len(
        report.verdicts
    ) - len(report.not_run())


def test_every_snippet_states_something(report):
    """A snippet without any asserted line proves nothing."""
    silent = {v.name for v in report.verdicts.values() if not v.snippet.asserted}
    # These are tried in many settings (tests/measured/fixes), or used by a snippet that states.
    tried = [entry for page in report.pages.values() for entry in page.meta.get("tried", ())]
    proven = {entry["fix"].partition(":")[0] for entry in tried}
    proven |= {name for v in report.verdicts.values() for name in v.snippet.uses}
    assert silent - proven == set()


def test_what_pages_show_is_short(report):
    """Readers copy it: 5 to 25 lines of code, 40 at most, no line wider than a screen."""
    for page in report.pages.values():
        for piece in page.of(Include):
            snippet = report.verdicts[piece.name].snippet
            lines = snippet.code(*snippet.span(piece.section)).splitlines()
            code = [line for line in lines if line.strip() and not line.startswith("#")]
            assert len(code) <= 40, f"{page.path}:{piece.line}"
            assert max(map(len, lines)) <= 100, f"{page.path}:{piece.line}"
