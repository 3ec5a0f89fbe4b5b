"""What verification costs: a warm build beside a plain ``mkdocs build`` of the expanded pages.

``make bench`` prints the medians and their ratio. Both build the same pages with the same theme
and extensions, in alternation; only one of them verifies.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("ROUNDS", "11"))


def main():
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        plain = prepare(Path(folder))
        ours = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", f"{folder}/ours"]
        theirs = [*ours[:-1], f"{folder}/theirs", "-f", str(plain)]
        cold = seconds(ours, cache=False)
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    warm, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"cold build, every snippet run: {cold:.2f} s")
    print(f"warm build, none run:          {warm:.2f} s (median of {ROUNDS})")
    print(f"plain build, same pages:       {bare:.2f} s")
    print(f"warm / plain:                  {ratio:.3f} (median of the pairs)")


def prepare(folder):
    """Write the pages as MkDocs sees them after expansion, and a configuration without hooks."""
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs)
    expand = [sys.executable, "-m", "proofread", "expand", docs]
    subprocess.run(expand, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    config["theme"]["custom_dir"] = str(ROOT / "theme")
    config |= {"hooks": [str(ROOT / "theme/mathematics.py")], "watch": [], "docs_dir": str(docs)}
    path = folder / "mkdocs.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def seconds(command, cache=True):
    """Time one command as a whole process."""
    if not cache:
        shutil.rmtree(ROOT / ".cache", ignore_errors=True)
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
