"""Run a library's program in an environment of its own, beside this site's PyTorch."""

import hashlib
import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

from measured.kit import ROOT, stamp, today, venv
from measured.libraries import FOLDER as ELSEWHERE

HERE = Path(__file__).parent
FOLDER = ROOT / ".cache/libraries"
#: What a program may take, in seconds.
LIMIT = 600
#: Asked of the environment: the version of the library, and the PyTorch that it got.
VERSIONS = (
    "import importlib.metadata, json, sys, torch;"
    "print(json.dumps([importlib.metadata.version(sys.argv[1]), torch.__version__]))"
)


def libraries() -> dict[str, dict]:
    """Return what is said of each library, by its name."""
    return tomllib.loads((HERE / "libraries.toml").read_text(encoding="utf-8"))


def key(name: str, install: list[str]) -> str:
    """A digest of what a result depends on: the program, how it is judged, what is installed."""
    digest = hashlib.sha256("\n".join(install).encode())
    for path in (HERE / "__init__.py", HERE / "inside.py", program(name)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def program(name: str) -> Path:
    """The program that calls a library."""
    return HERE / "programs" / f"{name.replace('-', '_')}.py"


def measure(name: str, install: list[str], keep: bool = False) -> dict:
    """Return the record of a library: its calls as judged, or why it could not be run."""
    record = stamp(date=today(), key=key(name, install), install=install)
    folder = FOLDER / name
    try:
        python = venv(folder, install, key="\n".join(install), beside=True)
        return record | _run(python, name, install[0].partition("=")[0])
    except RuntimeError as error:
        return record | {"failed": ELSEWHERE.sub("", str(error))}
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _run(python, name, package):
    """Run the program; return its versions and calls. Raises RuntimeError if it gives none."""
    version, torch = json.loads(_ask(python, "-c", VERSIONS, package)[0])
    lines = _ask(python, "-m", f"measured.libraries.programs.{program(name).stem}")
    calls = [json.loads(line, parse_constant=str) for line in lines if line.startswith('{"call"')]
    return {"version": version, "torch": torch, "calls": calls}


def _ask(python, *words):
    """Return the lines that a command prints. Raises RuntimeError with its last if it fails."""
    # In one thread and without a network: what a library fetches would not be the same again.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    # A tool that another command line gave this process could be one of another PyTorch.
    environment.pop("PYTHONPATH", None)
    options = {"cwd": ROOT, "env": environment, "text": True, "timeout": LIMIT}
    try:
        done = subprocess.run([python, *words], capture_output=True, **options)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"running after {LIMIT} s") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"]
        raise RuntimeError(said[-1])
    return done.stdout.splitlines()
