"""Run this site's code with your PyTorch, and print what holds and what differs.

    python on-your-machine.py                      everything, page by page
    python on-your-machine.py pitfalls/attention   the pages with these words in their address
    python on-your-machine.py --device cuda        new tensors on this device, unless a line says so

It needs PyTorch and NumPy. Each example runs in a process and an empty folder of its own.
"""

import argparse
import ast
import contextlib
import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import types
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

#: Seconds for one example.
LIMIT = 120


def run(text, states, raises, device):
    """Return what differs from what is stated, one line for the first of it, or ""."""
    import numpy
    import torch

    numpy.random.seed(0)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    if device:
        torch.set_default_device(device)
    warnings.simplefilter("ignore")
    # A file and a module as those of a program, since some of the code asks for its own source.
    file, main = Path("example.py"), types.ModuleType("__main__")
    file.write_text(text, encoding="utf-8")
    main.__file__, sys.modules["__main__"] = str(file.absolute()), main
    for number, node in enumerate(ast.parse(text).body):
        said, stated, last = io.StringIO(), states[number], number == len(states) - 1
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(ast.Module([node], []), main.__file__, "exec"), main.__dict__)
        except BaseException as error:
            got = f"{type(error).__name__}: {' '.join(str(error).split())}"
            pattern = ".*".join(map(re.escape, (raises or "").split("...")))
            names = (type(error).__name__, f"{type(error).__module__}.{type(error).__name__}")
            rest = got.partition(": ")[2]
            if last and raises and any(re.fullmatch(pattern, f"{n}: {rest}") for n in names):
                return ""
            return f"line {node.lineno} raises {got[:200]}"
        got = [line.rstrip() for line in said.getvalue().splitlines()]
        if got != stated:
            printed, expected = (" / ".join(lines)[:160] for lines in (got, stated))
            return f"line {node.lineno} prints {printed!r}, stated is {expected!r}"
    return f"does not raise {raises[:160]}" if raises else ""


def tried(name, example, device):
    """Run an example in a process of its own; return (name, what differs)."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), "--one", name]
        command += ["--device", device] if device else []
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            return name, f"is still running after {LIMIT} s"
    last = (done.stdout.splitlines() or [""])[-1]
    if not last.startswith("{"):
        return name, f"ended with code {done.returncode}: {done.stderr.strip()[-160:]}"
    return name, json.loads(last)["differs"]


def report(site, repository, pages, device):
    """Print page by page what holds and what differs, and where to report it."""
    import torch

    where = (
        f"PyTorch {torch.__version__}, Python {platform.python_version()}, {platform.platform()}"
    )
    where += f", {device or 'CPU'}"
    print(f"{where}; stated with {STATED}\n")
    told = []
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) // 2)) as pool:
        for page, names in pages.items():
            found = list(pool.map(lambda name: tried(name, EXAMPLES[name], device), names))
            wrong = [(name, text) for name, text in found if text]
            print(f"{page or 'home'}: {len(found) - len(wrong)} of {len(found)} hold", flush=True)
            for name, text in wrong:
                print(f"    {name}: {text}", flush=True)
                told.append(f"- `{name}`: {text}")
    total = sum(map(len, pages.values()))
    print(f"\n{total - len(told)} of {total} hold with your PyTorch.")
    if told:
        body = "\n".join([where, "", *told])[:3000]
        link = f"{repository}/issues/new?title={quote('Differs with ' + where)}&body={quote(body)}"
        print(f"To report it: {link if repository else site}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="parts of the addresses of pages")
    parser.add_argument("--device", help="such as cuda or mps")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one = EXAMPLES[asked.one]
        differs = run(one["text"], one["states"], one["raises"], asked.device)
        print("\n" + json.dumps({"differs": differs}))
        return
    pages = {}
    for name, one in EXAMPLES.items():
        if not asked.words or any(word in one["page"] for word in asked.words):
            pages.setdefault(one["page"], []).append(name)
    if not pages:
        sys.exit(f"no page has {' or '.join(asked.words)} in its address")
    report(SITE, REPOSITORY, pages, asked.device)


# What the build of the site puts here: the examples, and what they state.
SITE, REPOSITORY, STATED, EXAMPLES = "", "", "", {}

if __name__ == "__main__":
    main()
