"""Verdicts on snippets, gathered from the cache and from what runs."""

SLOW = "import time\n\ntime.sleep(1)\n"


def test_verdicts_are_in_order(build):
    """Of names, and not of what ended first: a report is the same each time."""
    report = build({"snippets/a.py": SLOW, "snippets/b.py": "a = 1\n"}).check()
    assert list(report.verdicts) == ["a.py", "b.py"]
    report = build({"snippets/a.py": f"{SLOW}\n", "snippets/b.py": "a = 1\n"}).check()
    assert ": 1 run, 1 from cache" in report.closing_line()
    assert list(report.verdicts) == ["a.py", "b.py"]
