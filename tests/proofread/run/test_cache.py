"""A snippet runs again when anything that can change its outcome has changed, and only then."""

import json
import shutil
import signal
import time

import pytest

from proofread.run import cache

SNIPPET = {"snippets/x.py": "print(2)\n#> 2\n"}


@pytest.fixture
def recheck(build):
    """Return a function that checks a project as a new process would, and counts what ran."""

    def recheck(files=SNIPPET, **how):
        report = build(files, **how).check()
        assert [str(fault) for fault in report.faults] == []
        return report.closing_line().split(", in ")[0]

    return recheck


RUN = "verified 1 snippets: 1 run, 0 from cache, 0 not run here"
CACHED = "verified 1 snippets: 0 run, 1 from cache, 0 not run here"


def entries(tmp_path):
    """The files of the cache."""
    return sorted((tmp_path / ".cache").rglob("*.json"))


def test_the_second_check_runs_nothing(recheck):
    """An outcome is kept from one process to the next."""
    assert [recheck(), recheck(), recheck()] == [RUN, CACHED, CACHED]


PARTS = ["engine", "Python", "torch", "torch build", "packages", "platform", "seed"]


@pytest.mark.parametrize("part", PARTS)
def test_a_new_environment_means_a_new_run(part, recheck, build, monkeypatch):
    """Each part of the surroundings is in the key, and ``why`` names the one that changed."""
    recheck()
    other = ["other-1.0"] if part == "packages" else "other"
    with monkeypatch.context() as patch:
        changed = {**cache.environment(), part: other}
        patch.setattr(cache, "environment", lambda: changed)
        (reasons,) = build(SNIPPET).why(["snippets/x.py"]).values()
        assert len(reasons) == 1 and part in reasons[0]
        assert [recheck(), recheck()] == [RUN, CACHED]
    assert recheck() == CACHED


def test_the_key_has_every_part():
    """All that can change an outcome is in the key."""
    assert set(cache.environment()) == set(PARTS)
    assert any(name.startswith("numpy-") for name in cache.environment()["packages"])


RUN_FILES = sorted(p.relative_to(cache.ENGINE).as_posix() for p in cache.ENGINE.rglob("*.*"))
RUN_FILES = [name for name in RUN_FILES if "__pycache__" not in name]


@pytest.mark.parametrize("name", [*RUN_FILES, "inside/new.py"])
def test_the_engine_is_all_that_runs_snippets(name, tmp_path):
    """Each file of it is in the key, and so is one that is added."""
    folder = shutil.copytree(cache.ENGINE, tmp_path / "run")
    assert cache.engine(folder) == cache.environment()["engine"]
    with (folder / name).open("a") as file:
        file.write("# Changed.\n")
    assert cache.engine(folder) != cache.environment()["engine"]


def test_a_new_text_means_a_new_run(recheck, build):
    """Any change of a snippet's text makes it run, and ``why`` says so."""
    recheck()
    changed = {"snippets/x.py": "print(2)\n#> 2\n# A comment.\n"}
    reasons = build(changed).why(["snippets/x.py"])
    assert reasons == {"snippets/x.py": ["the text of the snippet changed"]}
    assert [recheck(changed), recheck(changed), recheck()] == [RUN, CACHED, CACHED]


def test_why_of_what_never_ran(build):
    """Without any outcome the reason is just that."""
    project = build(SNIPPET)
    assert project.why(["snippets"]) == {"snippets/x.py": ["it has not run here yet"]}
    project.check()
    assert project.why(["snippets"]) == {"snippets/x.py": []}


def test_a_neighbor_that_changes_is_noticed(build):
    """A snippet cannot keep an outcome that came from another file's former text."""
    files = {"snippets/x.py": "import y\n\nprint(y.a)\n#> 1\n", "snippets/y.py": "a = 1\n"}
    build(files).check()
    assert build({**files, "snippets/y.py": "a = 2\n"}).check().faults


def test_without_the_cache_everything_runs(build):
    """A check can be asked not to believe the cache."""
    project = build(SNIPPET)
    project.check()
    assert ": 1 run, 0 from cache" in project.check(use_cache=False).closing_line()


def truncate(path):
    path.write_bytes(path.read_bytes()[:-20])


def empty(path):
    path.write_bytes(b"")


def tamper(path):
    path.write_text(path.read_text().replace('"2\\n"', '"3\\n"'))


def replace_by_list(path):
    path.write_text("[]")


def replace_by_bytes(path):
    path.write_bytes(b"\xff\x00")


def write_as_another_version(path):
    entry = json.loads(path.read_text())
    entry["outcome"] = {"format": 2}
    path.write_text(json.dumps(entry))


def sign_as_another_version(path):
    """Another version's entry is whole and signed, but was made from other parts."""
    body = {"parts": {"engine": "2.0"}, "outcome": {"format": 2}}
    path.write_text(json.dumps({**body, "digest": cache.digest(body)}))


SPOILS = [
    truncate,
    empty,
    tamper,
    replace_by_list,
    replace_by_bytes,
    write_as_another_version,
    sign_as_another_version,
]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_a_spoiled_entry_is_ignored_and_rebuilt(spoil, recheck, tmp_path):
    """An entry that is not what this engine wrote is as good as none."""
    recheck()
    (entry,) = entries(tmp_path)
    before = entry.read_bytes()
    spoil(entry)
    assert entry.read_bytes() != before
    assert [recheck(), recheck()] == [RUN, CACHED]


def test_an_untrue_snippet_is_still_untrue_from_the_cache(build):
    """The cache keeps what happened, not the verdict on it."""
    files = {"snippets/x.py": "print(2)\n#> 3\n"}
    first, second = build(files).check(), build(files).check()
    assert list(map(str, first.faults)) == list(map(str, second.faults)) != []
    assert second.closing_line().startswith("verified 0 snippets: 0 run, 1 from cache")


@pytest.mark.parametrize("text", ["import os\nos._exit(3)", "# timeout: 0.3\nwhile True: pass"])
def test_accidents_are_not_kept(text, build, tmp_path):
    """A crash or a time-out may be an accident: the next process tries again."""
    for _ in range(2):
        assert ": 1 run, 0 from cache" in build({"snippets/x.py": text}).check().closing_line()
    assert entries(tmp_path) == []


def test_accidents_are_remembered_while_serving(build):
    """One process does not repeat a time-out until the snippet changes."""
    project = build({"snippets/x.py": "# timeout: 0.3\nwhile True: pass"})
    lines = [project.check().closing_line() for _ in range(2)]
    assert [": 1 run, 0 from" in lines[0], ": 0 run, 1 from" in lines[1]] == [True, True]


@pytest.mark.parametrize("folder", ["/proc/nowhere", "a-file"])
def test_a_cache_that_cannot_be_written_is_no_error(folder, recheck, tmp_path):
    """Without a place for the cache, snippets run each time."""
    (tmp_path / "a-file").write_text("")
    assert [recheck(cache=folder), recheck(cache=folder)] == [RUN, RUN]


def test_the_cache_does_not_grow_without_end(recheck, tmp_path):
    """Only the newest outcomes of a snippet are kept."""
    for count in range(cache.KEPT + 3):
        recheck({"snippets/x.py": f"a = {count}\n"})
    assert len(entries(tmp_path)) == cache.KEPT


def test_a_killed_check_does_no_harm(start, recheck, tmp_path):
    """After ``kill -9`` in the middle, sources are untouched and the next check is right."""
    slow = "import time\n\ntime.sleep({})\nprint(2)\n#> 2\n"
    files = {f"snippets/{n}.py": slow.format(n / 10) for n in range(4)}
    recheck(files)
    for entry in entries(tmp_path):
        entry.unlink()
    sources = [*(tmp_path / "snippets").rglob("*"), *(tmp_path / "docs").rglob("*")]
    before = {path: path.read_bytes() for path in sources}
    process = start("proofread", "check")
    deadline = time.monotonic() + 30
    while not entries(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    after = [*(tmp_path / "snippets").rglob("*"), *(tmp_path / "docs").rglob("*")]
    assert {path: path.read_bytes() for path in after} == before
    kept = len(entries(tmp_path))
    assert kept > 0
    expected = f"verified 4 snippets: {4 - kept} run, {kept} from cache, 0 not run here"
    assert recheck(files) == expected
