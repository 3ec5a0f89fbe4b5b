"""The benchmark beside other tools: that all get the same, that times are times; and its page."""

import json
import re
import sys
import tomllib
from types import SimpleNamespace

import pytest

from measured import kit
from measured.engine import __main__ as peers
from measured.engine import clock, page, sets, tools

# --- what each tool is given ---


def test_generated_examples_state_what_is_true():
    """The second derivative of x³ is 6x, at each of them; none is like another."""
    blocks = [block for page in sets.generated(25) for block in page.blocks]
    assert [len(page.blocks) for page in sets.generated(25)] == [10, 10, 5]
    assert [block.output for block in blocks] == [
        f"second derivative: {6 * x}.0\n" for x in range(1, 26)
    ]
    assert len({block.code for block in blocks}) == 25


def test_an_edition_changes_one_example():
    """It takes another line, and states the same."""
    before, after = sets.generated(20), sets.edited(sets.generated(20), 7)
    pairs = zip(before, after, strict=True)
    changed = [b.name for p, q in pairs for a, b in zip(p.blocks, q.blocks, strict=True) if a != b]
    assert changed == ["b0001"]
    assert after[0].blocks[0].text == "edition = 7\n" + before[0].blocks[0].text


def test_a_server_is_waited_for_with_what_was_not_there():
    """A number that is on the page before would be seen at once."""
    first = sets.generated(peers.SERVED)[0]
    for number in range(peers.EDITION + 1, peers.EDITION + 30):
        assert not any(str(number) in block.text for block in first.blocks)
        assert str(number) in sets.edited([first], number)[0].blocks[0].text


def test_the_sites_own_examples_are_many(pytestconfig):
    """All that every tool can be given; what pairs a wrong one with its right one is gone."""
    blocks = [b for page in sets.own(pytestconfig.rootpath / "snippets") for b in page.blocks]
    assert len(blocks) > 200
    assert len({block.name for block in blocks}) == len(blocks)
    assert not any(block.text.startswith("# wrong") or block.error for block in blocks)


@pytest.mark.parametrize("tool", tools.TOOLS, ids=lambda tool: tool.name)
def test_each_tool_is_given_each_example(tool, tmp_path):
    """Every line of code of every block, in one way or another."""
    pages = sets.generated(12)
    tool.write(tmp_path, pages)
    written = "".join(p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file())
    if "nbformat" in written:
        written = written.replace('\\"', '"').replace("\\n", "\n")
    for block in (block for one in pages for block in one.blocks):
        assert all(line in written for line in block.code.splitlines())


@pytest.mark.parametrize("fault", sets.FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_one_mistake(fault):
    """Its page is another one than the one that is true."""
    assert fault.page != sets.CONTROLS["error" if fault.states == "error" else ""]
    assert fault.states in ("", *tools.EVERYTHING)


@pytest.mark.parametrize("before", ["no such text", "import torch"])
def test_a_fault_that_is_not_one_change_is_refused(before):
    """With its name: what changes nothing, and what changes two places."""
    text = sets.PLANTED.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=f"The exception says something else.*'{before}'"):
        sets.planted(text.replace('"Trying to backward"', f'"{before}"'))


# --- the clock ---

POSIX = pytest.mark.skipif(not hasattr(__import__("os"), "wait4"), reason="it needs POSIX")


@POSIX
def test_a_run_counts_what_its_children_take(tmp_path):
    """CPU seconds are those of all processes that it waited for."""
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    done = clock.run([sys.executable, "-c", code], tmp_path, None, 60)
    assert done.status == 0 and 0.4 <= done.cpu < 30
    assert done.peak > 1


@POSIX
def test_a_run_ends_at_its_limit(tmp_path):
    """It has no status then, and no time that could be compared."""
    done = clock.run([sys.executable, "-c", "while True: pass"], tmp_path, None, 0.3)
    assert done.status is None
    assert clock.summary([done]) is None


def test_ratios_are_paired():
    """What slows both runs of a round down is in neither."""
    assert page.ratio([1.0, 30.0, 2.0], [2.0, 60.0, 4.0]) == 0.5


def test_a_fault_counts_only_if_the_truth_passes():
    """A tool that fails anyway notices nothing."""
    good, bad = SimpleNamespace(status=0, text=""), SimpleNamespace(status=1, text="no kernel")
    assert clock.verdict(good, bad, "", ()) == "detected"
    assert clock.verdict(good, good, "output", ("output",)) == "not detected"
    assert clock.verdict(good, SimpleNamespace(status=None), "", ()) == "not detected"
    assert clock.verdict(good, bad, "prose", ("output",)) == "cannot be stated"
    with pytest.raises(ValueError, match="no kernel"):
        clock.verdict(bad, bad, "", ())


# --- the page ---


def test_the_page_has_each_fault():
    """With its finding; the tests inject the same list."""
    text = page.faults(None)
    for fault in tomllib.loads(page.FAULTS.read_text(encoding="utf-8"))["fault"]:
        assert f"| {fault['name']} | " in text and fault["says"] in text.replace("\\|", "|")
    assert int(page.fault_count(None)) > 50


def test_the_score_is_what_could_be_noticed_and_was(tmp_path, monkeypatch):
    """What cannot matter counts for neither side; parts of the site are added up."""
    pages = {
        "docs/learn/a.md": {"caught": 3, "justified": 5, "survive": 1},
        "docs/learn/b.md": {"caught": 4},
        "tests/snippets/test_a.py": {"caught": 2},
    }
    file = tmp_path / "score.json"
    file.write_text(json.dumps({"tried": 15, "seed": 0, "date": "2026-01-01", "pages": pages}))
    monkeypatch.setattr(page, "SCORE", file)
    text = page.score(None)
    assert "| learn | 13 | 7 | 5 | 1 | 87.5 % |" in text
    assert "| oracles | 2 | 2 | 0 | 0 | 100.0 % |" in text
    assert "| **all** | 15 | 9 | 5 | 1 | 90.0 % |" in text


def times(cpu, peak=100.0):
    return {"cpu": cpu, "wall": cpu, "peak": peak, "rounds": [cpu, cpu], "status": 0}


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A function that writes results in which this site's engine takes so many seconds."""

    def results(ours, warm=1.0, refresh=0.5, status=0):
        others = {**times(10.0), "status": status}
        costs = {tool.name: {"cold": others} for tool in tools.TOOLS}
        costs[tools.PLAIN.name] = {"cold": times(1.0)}
        mine = {"cold": times(ours), "warm": times(warm), "changed": times(warm)}
        costs |= {tools.OURS.name: mine, tools.CHECK.name: mine}
        groups = {
            name: {"examples": count, "costs": costs}
            for name, count in (("own", 300), ("60", 60), ("250", 250), ("1000", 1000))
        }
        served = {tools.OURS.name: [[refresh] * 3], tools.PLAIN.name: [[0.3] * 3]}
        file = tmp_path / "data.json"
        file.write_text(json.dumps({**groups, "serve": {"seconds": served}}))
        monkeypatch.setattr(page, "FILE", file)

    return results


def test_a_target_that_is_missed_says_so(results):
    """Each is compared with what was measured; a missed one is in the table like any other."""
    results(ours=3.0)
    assert "missed" not in page.targets(None)
    results(ours=4.0)
    missed = [line for line in page.targets(None).splitlines() if "missed" in line]
    assert missed and all("0.40 | 0.33" in line for line in missed)
    results(ours=3.0, warm=1.06)
    assert page.targets(None).count("1.06 | 1.05 | **missed**") == 3
    results(ours=3.0, refresh=0.7)
    assert "0.40 s | 0.30 s | **missed**" in page.targets(None)


def test_a_tool_that_fails_on_what_is_true_is_marked(results):
    """Its time is that of a run that ended with an error."""
    results(ours=3.0)
    assert "\\*" not in page.costs(None, "60")
    results(ours=3.0, status=1)
    text = page.costs(None, "60")
    assert "| nbval\\* |" in text and "| plain mkdocs build |" in text
    assert text.endswith(page.FAILED)


def test_what_was_not_measured_is_refused(results):
    """With its name."""
    results(ours=3.0)
    with pytest.raises(LookupError, match="'faults' was not measured"):
        page.PIECES["detects"](None)


def test_every_place_on_a_page_has_a_result(pytestconfig):
    """What the pages ask for is there, and nothing is measured in vain."""
    pages = (pytestconfig.rootpath / "docs").rglob("*.md")
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    places = re.findall(r"\{\{ measured engine:(\S+) ?(.*?) \}\}", text)
    assert {name for name, _ in places} == page.PIECES.keys()
    for name, words in places:
        assert page.PIECES[name](None, *words.split())


def test_the_committed_results_are_complete():
    """Each group, each tool, and where it was measured."""
    known = kit.load(page.FILE)
    assert set(known) == {"site", "faults", "own", "60", "250", "1000", "serve", "profile"}
    for group in ("own", "60", "250"):
        assert set(known[group]["costs"]) == {tool.name for tool in tools.TOOLS}
    assert all("torch" in result["stamp"]["versions"] for result in known.values())
