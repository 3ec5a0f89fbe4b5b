"""What runs on GitHub runs with the least rights, and only what was looked at."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")
RIGHTS = {
    "verify.yml": {},
    "publish.yml": {"deploy": {"pages", "id-token"}, "notebooks": {"contents"}},
    "drift.yml": {"drift": {"issues"}},
}


def test_there_are_workflows():
    assert {path.name for path in WORKFLOWS} == set(RIGHTS)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned(path):
    """By its hash, with the version beside it; a tag can be moved."""
    uses = [line.strip("- ") for line in path.read_text().splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.search(line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_may_write_only_what_they_write(path):
    """Reading is the default; each right to write is listed above."""
    flow = yaml.safe_load(path.read_text())
    assert flow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in flow[True]  # YAML 1.1 reads "on" as true
    for name, job in flow["jobs"].items():
        rights = job.get("permissions", {})
        written = {what for what, right in rights.items() if right == "write"}
        assert written == RIGHTS[path.name].get(name, set()), name
        assert job["timeout-minutes"] <= 60


def test_hooks_before_a_commit_are_those_of_the_lock():
    """The same ruff checks before a commit and in the tests."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    revisions = {hook["repo"].rpartition("/")[2]: hook.get("rev") for hook in hooks}
    locked = re.search(r"^ruff==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)[1]
    assert revisions["ruff-pre-commit"] == f"v{locked}"
