"""The command line: what it prints, and with which exit status it ends."""

import json
import re
from xml.etree import ElementTree as xml

import pytest

from proofread.fault import Fault, FaultError, Place
from proofread.judge.verdict import Report
from proofread.show.junit import junit
from tests.proofread.conftest import default_page

TRUE = {"snippets/learn/x.py": "print(2)\n#> 2\n", "snippets/y.py": "a = 1\n"}
RECORDED = "NVIDIA H100, torch 99.0.0, 2026-11-23"
UNTRUE = {"snippets/x.py": "print(2)\n#> 3\n"}
CLOSING = (
    r"verified \d+ snippets: \d+ run, \d+ from cache, \d+ not run here, in \d+\.\d s"
    r"(; \d+ not true)?"
)


@pytest.fixture
def proofread(command):
    """Return a function that runs ``python -m proofread WORDS`` in the tiny project."""
    return lambda *words: command("proofread", *words)


@pytest.fixture
def checked(build):
    """Return a function that writes a project and fills its cache, to save time."""

    def checked(files):
        project = build(files)
        project.check()
        return project

    return checked


def last_line(done):
    """The last line on standard output."""
    return done.stdout.splitlines()[-1]


def test_check_of_what_is_true(checked, proofread):
    """Success is one closing line and status 0."""
    checked(TRUE)
    done = proofread("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(CLOSING + "\n", done.stdout)
    assert done.stdout.startswith("verified 2 snippets: 0 run, 2 from cache, 0 not run here, in ")


def test_check_of_what_is_untrue(checked, proofread):
    """Findings go to standard error in full, the closing line counts them, the status is 1."""
    report = checked(UNTRUE).check()
    done = proofread("check")
    assert done.returncode == 1
    assert done.stderr == "".join(f"{fault}\n\n" for fault in report.faults)
    assert re.fullmatch(CLOSING, last_line(done))
    assert last_line(done).endswith("; 1 not true")


def test_check_lists_what_was_not_run(checked, proofread):
    """A snippet that cannot run here is never silently skipped."""
    text = "# requires: torch>=99\n# recorded: a GPU, torch 99.0.0, 2026-11-01\nprint(1)\n#> 1\n"
    checked({"snippets/x.py": text})
    listed, closing = proofread("check").stdout.splitlines()
    assert listed.startswith("not run here: snippets/x.py (needs torch>=99, this is ")
    assert listed.endswith("); recorded on a GPU, torch 99.0.0, 2026-11-01")
    assert closing.startswith("verified 0 snippets: 0 run, 0 from cache, 1 not run here")


@pytest.mark.parametrize(
    ("path", "count"),
    [("snippets/learn", 1), ("snippets/y.py", 1), ("docs/index.md", 2), (".", 2)],
)
def test_check_of_some_paths(path, count, checked, proofread):
    """A folder, a snippet or a page can be checked alone."""
    checked(TRUE)
    done = proofread("check", path)
    assert done.returncode == 0
    assert done.stdout.startswith(f"verified {count} snippets: ")


@pytest.mark.parametrize("word", ["check", "update", "why"])
@pytest.mark.parametrize("path", ["nowhere.py", "snippets/learn/nowhere"])
def test_a_path_that_does_not_exist(word, path, checked, proofread):
    """A path with no snippet or page is one clear line, and bad usage."""
    checked(TRUE)
    done = proofread(word, path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{path}:1: no snippet or page here\n"


@pytest.mark.parametrize("words", [[], ["verify"], ["why"], ["expand"], ["check", "--fast"]])
def test_bad_usage(words, proofread):
    """An unknown or incomplete command is explained, with status 2."""
    done = proofread(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m proofread")


@pytest.mark.parametrize(("files", "status"), [(TRUE, 0), (UNTRUE, 1)])
def test_json(files, status, checked, proofread):
    """``--json`` prints the report and nothing else; the status is the same."""
    report = checked(files).check()
    done = proofread("check", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (status, "")
    assert found["faults"] == [str(fault) for fault in report.faults]
    assert found["snippets"] == json.loads(json.dumps(report.to_json()["snippets"]))
    assert found["environment"]["seed"] == 0


def test_no_cache_runs_everything(checked, proofread):
    """``--no-cache`` believes no earlier outcome."""
    checked(TRUE)
    assert "snippets: 2 run, 0 from cache" in last_line(proofread("check", "--no-cache"))


def test_update(checked, proofread, tmp_path):
    """``update`` prints the difference, names the files, and says what is left untrue."""
    checked({**UNTRUE, "snippets/y.py": "1 / 0\na = 1\n"})
    done = proofread("update")
    assert done.returncode == 1
    assert "-#> 3\n+#> 2\n" in done.stdout
    assert "updated 1 files\n  snippets/x.py\n" in done.stdout
    assert done.stderr.startswith("snippets/y.py:1: raises ZeroDivisionError")
    assert (tmp_path / "snippets/x.py").read_text() == "print(2)\n#> 2\n"


def test_update_of_what_is_true(checked, proofread):
    """Nothing to update is success."""
    checked(TRUE)
    done = proofread("update", "snippets/learn")
    assert done.returncode == 0
    assert done.stdout.startswith("updated 0 files\nverified 1 snippets: ")


def test_why(checked, proofread, tmp_path):
    """``why`` tells for each snippet what would make it run."""
    checked(TRUE)
    (tmp_path / "snippets/y.py").write_text("a = 2\n")
    done = proofread("why", "snippets")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "snippets/learn/x.py: would not run: nothing changed",
        "snippets/y.py: the text of the snippet changed",
    ]


def test_expand(checked, proofread, tmp_path):
    """``expand`` writes each page to a folder, in the shape of ``docs/``."""
    checked({**TRUE, **pages("index.md", "learn/x.md")})
    done = proofread("expand", "out")
    assert (done.returncode, done.stdout) == (0, "wrote 2 pages to out\n")
    assert "print(2)" in (tmp_path / "out/index.md").read_text()
    assert "print(2)" in (tmp_path / "out/learn/x.md").read_text()


def test_expand_of_what_is_untrue(checked, proofread, tmp_path):
    """Nothing untrue is written."""
    checked(UNTRUE)
    done = proofread("expand", "out")
    assert done.returncode == 1
    assert "prints something else than it states" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lacking", ["docs", "snippets"])
def test_no_project_here(lacking, checked, proofread, tmp_path):
    """A folder without pages or snippets is one line that says what to do, and bad usage."""
    checked(TRUE)
    (tmp_path / lacking).rename(tmp_path / "elsewhere")
    done = proofread("check")
    assert (done.returncode, done.stdout) == (2, "")
    advice = "run this in a project's folder, beside docs/ and snippets/"
    assert done.stderr == f"{lacking}:1: no such folder: {advice}\n"


def test_junit(checked, proofread, tmp_path):
    """Each snippet is a test case with its seconds and its difference, and so is a wrong page."""
    report = checked(
        {
            "snippets/learn/x.py": "print(2)\n#> 2\n",
            "snippets/wrong.py": "print('<2>&')\n#> 3\n",
            "snippets/there.py": f"# requires: torch>=99\n# recorded: {RECORDED}\nprint(1)\n#> 1\n",
            "docs/index.md": pages("x.md")["docs/x.md"].replace("y.py", "wrong.py")
            + '```python\n--8<-- "there.py"\n```\n\nIt is 7.25.\n',
        }
    ).check()
    done = proofread("check", "--junitxml", "a/report.xml")
    assert done.returncode == 1
    (suite,) = xml.parse(tmp_path / "a/report.xml").getroot()
    cases = {(case.get("classname"), case.get("name")): case for case in suite}
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == list("4201")
    true = cases.pop(("snippets/learn", "x.py"))
    seconds = report.verdicts["learn/x.py"].outcome.seconds
    assert (len(true), true.get("time")) == (0, f"{seconds:.3f}")
    (skipped,) = cases.pop(("snippets", "there.py"))
    assert skipped.tag == "skipped"
    assert skipped.get("message").startswith("not run here: needs torch>=99")
    (failure,) = cases.pop(("snippets", "wrong.py"))
    # A CI server knows a failure by the name of its element.
    assert failure.tag == "failure"
    assert failure.get("message") == "prints something else than it states"
    assert "-#> 3\n" in failure.text and "<2>&" in failure.text
    (failure,) = cases.pop(("docs", "index.md"))
    assert failure.text.startswith("docs/index.md:12: 7.25 is typed")
    assert not cases
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["report.xml"]


def test_junit_of_what_xml_forbids():
    """A character that XML cannot hold is replaced, and what it can hold is kept."""
    fault = Fault(Place("docs/a\x0b.md", 1), "a\x00b\ufffe <&> \U0001f600")
    report = Report(verdicts={}, faults=[fault], shown={}, anchors={})
    (case,) = xml.fromstring(junit(report))[0]
    assert case.get("name") == "a\ufffd.md"
    assert case[0].get("message") == "a\ufffdb\ufffd <&> \U0001f600"


def test_junit_that_cannot_be_written(checked, proofread, tmp_path):
    """A report that cannot be written is one line, and bad usage."""
    checked(TRUE)
    (tmp_path / "a").write_text("")
    done = proofread("check", "--junitxml", "a/report.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("a/report.xml:1: was not written: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("words", "count"), [(["--slowest"], 2), (["--slowest", "1"], 1)])
def test_slowest(words, count, checked, proofread):
    """The snippets that take longest stand below the closing line, with their seconds."""
    report = checked(TRUE).check()
    times = {v.snippet.path: v.outcome.seconds for v in report.verdicts.values()}
    expected = sorted(times, key=lambda path: (-times[path], path))[:count]
    closing, *lines = proofread("check", *words).stdout.splitlines()
    assert re.fullmatch(CLOSING, closing)
    assert lines == [f"{times[path]:8.2f} s  {path}" for path in expected]


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_slowest_of_none(count, proofread):
    """A number of snippets is at least one."""
    assert proofread("check", f"--slowest={count}").returncode == 2


def test_what_editors_leave_behind_is_no_source(build, tmp_path):
    """A lock that leads nowhere, a copy of a notebook, compiled code, a hidden folder."""
    left = ("docs/.hidden/x.md", "docs/.ipynb_checkpoints/x.ipynb", "snippets/__pycache__/x.py")
    project = build({**TRUE, **default_page(TRUE), **dict.fromkeys(left, "It is 7.25.\n")})
    for lock in ("docs/.#index.md", "snippets/.#x.py"):
        (tmp_path / lock).symlink_to("nobody@nowhere.1")
    assert [str(fault) for fault in project.check().faults] == []


def test_a_linked_folder(build, tmp_path):
    """A page in a linked folder is read and can be named; one that holds itself is refused."""
    project = build(TRUE)
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra/x.md").write_text("It is 7.25.\n")
    (tmp_path / "docs/linked").symlink_to(tmp_path / "extra")
    (found,) = project.check(["docs/linked"]).faults
    assert str(found).startswith("docs/linked/x.md:1: 7.25 is typed")
    (tmp_path / "extra/loop").symlink_to(tmp_path / "docs")
    with pytest.raises(FaultError, match="docs/linked/loop:1: this folder, by a link"):
        project.check()


def test_a_project_elsewhere(build, monkeypatch, tmp_path):
    """A project is checked from any working folder."""
    project = build(TRUE)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert [str(fault) for fault in project.check().faults] == []


def pages(*names):
    """Pages that show the snippets of TRUE."""
    text = '```python\n--8<-- "learn/x.py"\n```\n\n```python\n--8<-- "y.py"\n```\n'
    return {f"docs/{name}": text for name in names}
