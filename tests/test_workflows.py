"""What runs on GitHub runs with the least rights, and only what was looked at."""

import re
import sys
from pathlib import Path

import pytest
import yaml

import dev

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")
RIGHTS = {
    "verify.yml": {},
    "publish.yml": {"deploy": {"pages", "id-token"}, "notebooks": {"contents"}},
    "drift.yml": {"drift": {"issues"}},
    "links.yml": {"links": {"issues"}},
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


def test_one_command_lints():
    """The same checks in CI, before a commit and by hand, with what the lock pins."""
    style = yaml.safe_load((ROOT / ".github/workflows/verify.yml").read_text())["jobs"]["style"]
    assert [step["run"] for step in style["steps"] if "run" in step] == ["python dev.py lint"]
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert {repo["repo"] for repo in repos} == {"local"}
    assert "python dev.py lint" in [hook["entry"] for repo in repos for hook in repo["hooks"]]


@pytest.mark.parametrize("status", [0, 1])
def test_lint_goes_on_after_a_failure(status, monkeypatch, capsys):
    """Each check says in one line that it passed, or what it found, whatever came before."""
    fails = "import sys; print('a finding'); sys.exit({})"
    linters = {"first": ("-c", fails.format(status)), "second": ("-c", fails.format(0))}
    monkeypatch.setattr(dev, "LINTERS", linters)
    monkeypatch.setattr(dev, "PYTHON", sys.executable)
    assert dev.lint() == status
    said = "first: failed\na finding\n\n" if status else "first: passed\n"
    assert capsys.readouterr().out == said + "second: passed\n"
