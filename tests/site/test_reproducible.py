"""Two builds of the same sources are the same site, byte for byte."""

import filecmp
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from proofread.project import Project

ROOT = Path(__file__).resolve().parents[2]
#: Another machine, as far as a build can tell.
ELSEWHERE = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "COLUMNS": "40"}
#: Times as long as each snippet took here.
SLOWER = 1.5


@pytest.fixture(scope="module")
def copy(tmp_path_factory, report):
    """The sources in another folder, and outcomes that took another time on another day."""
    folder = tmp_path_factory.mktemp("copy")
    for name in sources():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    shutil.copytree(
        ROOT / ".cache/proofread",
        folder / ".cache/proofread",
        ignore=shutil.ignore_patterns("mutants"),
    )
    with Project(folder) as project:
        verifier = project.verifier
        for path in project.snippets.rglob("*.py"):
            snippet = verifier.load(path.relative_to(project.snippets).as_posix())
            if not (outcome := verifier.cache.load(snippet)):
                continue  # It cannot run here.
            seconds = SLOWER * outcome.seconds
            verifier.cache.store(snippet, replace(outcome, seconds=seconds, date="2001-01-01"))
    return folder


def sources():
    """The files of this repository: those that git knows, and new ones that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here to tell what the sources are")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_same_sources_make_the_same_site(site, copy, build):
    """Elsewhere, at another time, each file of the site is the same."""
    build(copy, copy / "site", **ELSEWHERE)
    here, there = ({p.relative_to(top) for p in top.rglob("*")} for top in (site, copy / "site"))
    assert here == there
    files = [str(path) for path in here if (site / path).is_file()]
    assert len(files) > 100
    _, differ, unread = filecmp.cmpfiles(site, copy / "site", files, shallow=False)
    assert differ == unread == []


def test_the_site_says_its_date(site):
    """The date of a build that can be repeated is the one that it was given."""
    published = json.loads(Path(site, "verified.json").read_text(encoding="utf-8"))["snippets"]
    ran = [entry for entry in published if entry["status"] == "verified"]
    assert {(entry["date"], entry["seconds"]) for entry in ran} == {("2023-11-14", None)}
