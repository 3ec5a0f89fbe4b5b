"""The second witness: pytest-codeblocks runs the text that a reader sees, and knows no engine."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_codeblocks import extract_from_file

from proofread.show.kinds import Include

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def pages(project, report, tmp_path_factory):
    """The expanded pages, and the README beside them."""
    assert report.faults == []
    folder = tmp_path_factory.mktemp("expanded")
    project.expand(folder, report)
    (folder / "README.md").write_bytes((ROOT / "README.md").read_bytes())
    (folder / "conftest.py").write_text(FRESH, encoding="utf-8")
    return folder


#: pytest-codeblocks runs all blocks in one process: give each the defaults of a new one.
FRESH = """
import torch

def pytest_runtest_setup(item):
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    torch.set_num_threads(1)
    torch.compiler.reset()
    for kernel in ("flash", "mem_efficient", "math", "cudnn"):
        getattr(torch.backends.cuda, f"enable_{kernel}_sdp")(True)
"""


def test_it_collects_every_block(project, report, pages):
    """It silently ignores any fence that is not exactly ``python``: count what it finds."""
    shown = sum(len(project.page(path).of(Include)) for path in project.docs.rglob("*.md"))
    blocks = [b for path in pages.rglob("*.md") for b in extract_from_file(path)]
    readme = [b for b in extract_from_file(ROOT / "README.md") if b.syntax == "python"]
    assert len([b for b in blocks if b.syntax == "python"]) == shown + len(readme)
    assert len(readme) == 2
    assert [b.code for b in blocks if b.syntax in ("sh", "bash")] == []


def test_it_agrees(pages):
    """Pasted in order, the text of each page runs and prints what is shown."""
    command = [sys.executable, "-m", "pytest", "--codeblocks", "-q", "--rootdir", ".", "."]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-W", "ignore"],
        cwd=pages,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]


def test_the_promise_is_one_promise():
    """The README and the page on verification make it in the same words."""
    promise = "Every code block on the site is executed for the build, and every output, error"
    ends = "says where."
    texts = [ROOT / "README.md", ROOT / "docs/about/verification.md"]
    made = [" ".join(path.read_text(encoding="utf-8").split()) for path in texts]
    one, other = (text[text.index(promise) : text.index(ends)] for text in made)
    assert one == other
