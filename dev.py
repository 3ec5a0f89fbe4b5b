"""Set up what a task needs, then run it: ``python dev.py TASK``.

Needs nothing but Python 3.11 to 3.13. ``make TASK`` calls it; on Windows, where make is rare,
call it as ``py dev.py TASK``.
"""

import argparse
import ast
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up"
LOCK = ROOT / "requirements.lock"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SUPPORTED = ((3, 11), (3, 14))
#: Material prints a notice about its own future at each start; the README says what we do about it.
QUIET = {"NO_MKDOCS_2_WARNING": "1"}
IMPORTS = "from importlinter.cli import lint_imports; sys.exit(lint_imports())"
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
#: What ``lint`` runs, all of it whatever fails.
LINTERS = {
    "rules": ("-m", "ruff", "check"),
    "format": ("-m", "ruff", "format", "--check"),
    "types": ("-m", "ty", "check"),
    "imports": ("-c", f"import sys; {IMPORTS}"),
    "spelling": ("-m", "codespell_lib"),
    "Markdown": ("-m", "pymarkdown", "--strict-config", "scan", "-r", "README.md", "docs"),
    "workflows": (
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        *WORKFLOWS,
    ),
}
#: Name -> what ``python dev.py NAME`` runs; its docstring says what it does.
TASKS = {}


def task(function):
    """Make a function a task."""
    TASKS[function.__name__] = function
    return function


@task
def serve(*arguments):
    """serve the site, and verify again at each save"""
    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("-a", "--dev-addr")
    asked, rest = options.parse_known_args(arguments)
    host, _, port = (asked.dev_addr or "127.0.0.1:8000").rpartition(":")
    ports = [int(port)] if asked.dev_addr else range(int(port), int(port) + 100)
    free = next((port for port in ports if is_free(host, port)), None)
    if free is None:
        print(f"serve: port {port} is taken; make serve WHAT='-a {host}:PORT'", file=sys.stderr)
        return 1
    if free != int(port):
        print(f"port {port} is taken: this will be at http://{host}:{free}", flush=True)
    return run("-m", "mkdocs", "serve", "-a", f"{host}:{free}", *rest)


@task
def site(*arguments):
    """verify and build the site into site/"""
    return run("-m", "mkdocs", "build", "--strict", *arguments)


@task
def offline(*arguments):
    """verify and build offline.zip, which a browser reads from the disk"""
    folder = ROOT / ".cache/offline"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ["OFFLINE"] = "true"
    failed = run("-m", "mkdocs", "build", "--strict", "--site-dir", str(folder), *arguments)
    if not failed:
        shutil.make_archive(str(ROOT / "offline"), "zip", folder)
    return failed


@task
def test(*arguments):
    """run all tests, on all cores"""
    # A whole file in one process: its tests share what they build.
    together = () if arguments else ("-n", "auto", "--dist", "loadfile")
    return run("-m", "pytest", *together, *arguments)


@task
def update(*arguments):
    """rewrite what snippets state from a fresh run, and print the diff"""
    return run("-m", "proofread", "update", *arguments)


@task
def check(*arguments):
    """verify snippets and pages without building the site"""
    return run("-m", "proofread", "check", *arguments)


@task
def measure(name="", *arguments):
    """measure anew what a page is made of: "measure operators"; alone, it lists what there is"""
    rooms = {path.parent.name: path for path in sorted(ROOT.glob("measured/*/__main__.py"))}
    if name in rooms:
        return run("-m", f"measured.{name}", *arguments)
    if name:
        print(f"measure: there is no measured/{name}/; there is:", file=sys.stderr)
    for room, path in rooms.items():
        says = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        print(f"{room:10}{says.partition(chr(10))[0]}")
    return 2 if name else 0


@task
def lint():
    """check style, types, imports, spelling, Markdown and workflows, as CI does"""
    failed = [name for name, command in LINTERS.items() if not passes(name, *command)]
    return 1 if failed else 0


@task
def lock():
    """write requirements.lock from pyproject.toml"""
    groups = ["torch-needs", "build", "snippets", "site", "measured", "test", "lint"]
    chosen = [word for group in groups for word in ("--group", group)]
    run("-m", "pip", "install", "--quiet", "uv")
    return run(
        *("-m", "uv", "pip", "compile", "pyproject.toml", *chosen, "--universal", "--upgrade"),
        *("--python-version", "3.11", "--generate-hashes", "--no-annotate", "--quiet"),
        *("--custom-compile-command", "make lock", "-o", LOCK.name),
    )


@task
def clean():
    """delete everything that was made here"""
    for name in (".venv", ".cache", ".pytest_cache", ".ruff_cache", "site"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


def is_free(host, port):
    """Tell whether a server can be started there; on Linux one that has just ended is no matter."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
        try:
            one.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def set_up():
    """Make the virtual environment, if the lock or the Python changed since it was made."""
    key = hashlib.sha256(LOCK.read_bytes() + torch().encode() + sys.version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == key:
        return
    if not SUPPORTED[0] <= sys.version_info < SUPPORTED[1]:
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}")
    print("setting up .venv (once; about a minute, and PyTorch is a large download)", flush=True)
    STAMP.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = [PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check", "install"]
    install = [*pip, "--progress-bar", "on"] if sys.stdout.isatty() else [*pip, "--quiet"]
    print("1/2: what requirements.lock pins", flush=True)
    subprocess.run([*install, "--require-hashes", "-r", LOCK], check=True)
    # The packages of this repository, as they are in it; what builds them is in the lock.
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
    print(f"2/2: {torch()}", flush=True)
    index = os.environ.get("TORCH_INDEX")
    subprocess.run([*install, torch(), *(["--index-url", index] if index else [])], check=True)
    STAMP.write_text(key)


def torch():
    """Return the requirement that pins torch."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["torch"][0]


def run(*arguments):
    """Run the environment's Python in the repository; return its exit status."""
    try:
        environment = {**os.environ, **QUIET}
        return subprocess.run([PYTHON, *arguments], cwd=ROOT, env=environment).returncode
    except KeyboardInterrupt:
        return 130


def passes(name, *command):
    """Run a linter; say that it found nothing, or what it found."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run([PYTHON, *command], cwd=ROOT, **pipes)
    print(f"{name}: {'failed' if done.returncode else 'passed'}")
    if done.returncode:
        print(done.stdout)
    return not done.returncode


def main():
    """Run the task that the command line names."""
    name, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    if name not in TASKS:
        print("\n".join(f"{name:10}{task.__doc__}" for name, task in TASKS.items()))
        return 0 if name == "help" else 2
    if name != "clean":
        try:
            set_up()
        except subprocess.CalledProcessError as error:
            print(f"setting up failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
            return 1
    return TASKS[name](*arguments)


if __name__ == "__main__":
    sys.exit(main())
