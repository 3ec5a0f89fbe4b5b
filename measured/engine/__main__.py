"""Measure what verification costs and detects, beside other tools that run a site's examples.

``make measure WHAT=engine`` measures everything and writes ``data.json``, from which ``page.py``
makes the tables of ``docs/about/verification.md``. It takes an hour or two;
``make measure WHAT="engine faults 60"`` measures some groups anew and leaves the others as they
are. The groups are ``site`` (all of this site, as its authors build and serve it), ``faults``,
``own`` (those of its examples that every tool can be given), ``60``, ``250``, ``1000`` (generated
examples), ``serve`` and ``profile``.

The tools run in alternation, each as a new process, with the same Python, PyTorch and MkDocs, in
the environment ``.cache/peers``, which is made of ``pins.txt``. Seconds are CPU seconds of a
process and of all that it waited for, so that what else the machine does matters little.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from measured import kit
from measured.engine import clock, sets, site, tools
from measured.engine.page import FILE
from measured.engine.tools import CHECK, MKDOCS, OURS, PEERS, PLAIN, TOOLS
from proofread.run.runner import cores

PINS = Path(__file__).with_name("pins.txt")
#: Each round runs every tool once; a set that takes long gets fewer.
ROUNDS = int(os.environ.get("ROUNDS", "3"))
#: Seconds after which a run is ended: of a build, and of a page with a fault.
LIMIT, FAULT_LIMIT = 600, 60
#: Sets of this size are left to us, and to so many of the others: those that were quickest.
LARGE, QUICKEST = 1000, 2
SERVED = 60
#: Saves in one serve, and the number of the first, which is on no page yet.
SAVES, EDITION = 3, 1000
GROUPS = ("site", "faults", "own", "60", "250", "1000", "serve", "profile")
#: Examples, each with something that the one before does not have.
EXAMPLES = {
    "does nothing": lambda number: f"a = {number}\n",
    "makes a tensor": lambda number: f"import torch\n\nx = torch.full((3,), {number}.0)\n",
    "takes a second derivative": sets.tiny,
}
#: What a cold build begins with, one after the other.
STEPS = {
    "Python starts": "pass",
    "mkdocs and its theme are imported": "import mkdocs.commands.build, material",
    "PyTorch is imported": "import torch",
    "what PyTorch imports lazily": "import torch, torch._dynamo, "
    "torch.fx.experimental.symbolic_shapes",
    "the first backward": "import torch; x = torch.ones((), requires_grad=True); "
    "(x * x).backward()",
}


def main() -> None:
    """Measure the groups that are named, or all, and write each down when it is done."""
    parser = argparse.ArgumentParser("measured.engine", description=__doc__.split("\n", 1)[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=" ".join(GROUPS))
    chosen = parser.parse_args().groups or GROUPS
    if unknown := set(chosen) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    for group in chosen:
        python, names = surroundings(group)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top:
            measured = {"stamp": stamp(python, names), **Bench(python, Path(top)).measure(group)}
        known = {**kit.load(FILE), group: measured}
        kit.save(FILE, {name: known[name] for name in GROUPS if name in known}, depth=3)


def surroundings(group: str) -> tuple[Path, list[str]]:
    """Return the Python of a group, and the packages whose versions matter to it."""
    if group == "site":
        return Path(sys.executable), ["torch", "mkdocs", "mkdocs-material", "zensical"]
    pins = PINS.read_text(encoding="utf-8")
    python = kit.venv(kit.ROOT / ".cache/peers", ["-r", str(PINS)], key=pins, beside=True)
    return python, ["torch", "mkdocs", *(tool.name for tool in PEERS)]


@dataclass
class Bench:
    """Runs the tools of one group, each in a folder of its own."""

    python: Path
    top: Path
    environment = os.environ | tools.ENVIRONMENT

    def measure(self, group: str) -> dict:
        """Return what there is to write down."""
        if group in ("site", "faults", "serve", "profile"):
            return getattr(self, group)()
        own = group == "own"
        pages = sets.own(kit.ROOT / "snippets") if own else sets.generated(int(group))
        return self.costs(pages, self.compared(group))

    def compared(self, group):
        """Return the tools that a group is for."""
        if group != str(LARGE):
            return TOOLS
        costs = kit.load(FILE)["250"]["costs"]
        peers = sorted(PEERS, key=lambda tool: costs[tool.name]["cold"]["cpu"])
        return (OURS, CHECK, PLAIN, *peers[:QUICKEST])

    def costs(self, pages, compared):
        """Run each tool in each of its phases; the rounds alternate between the tools."""
        runs = {tool: {phase: [] for phase in tool.phases} for tool in compared}
        for number, tool in product(range(ROUNDS), compared):
            if any(one.status is None for many in runs[tool].values() for one in many):
                continue  # Over the limit once is enough.
            for phase in tool.phases:
                edited = sets.edited(pages, number + (phase == "changed"))
                one = self.run(tool, edited, cold=phase == "cold")
                runs[tool][phase].append(one)
                say(f"{number + 1} {tool.name}, {phase}", f"{one.cpu:.2f} s CPU, {one.status}")
        costs = {
            tool.name: {phase: clock.summary(many) for phase, many in phases.items()}
            for tool, phases in runs.items()
        }
        examples = sum(len(page.blocks) for page in pages)
        return {"examples": examples, "pages": len(pages), "costs": costs}

    def folder(self, tool, cold=True):
        """Return the folder of a tool; without what it kept, if cold."""
        folder = self.top / tool.name.replace(" ", "-")
        if cold:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        return folder

    def run(self, tool, pages, cold=True, limit=LIMIT):
        """Run a tool on pages, from nothing or on what it kept."""
        folder = self.folder(tool, cold)
        tool.write(folder, pages)
        return clock.run([self.python, *tool.command], folder, self.environment, limit)

    def site(self):
        """Build and serve the whole site, beside its pages without an engine."""
        return site.measure(self.top, ROUNDS, free_port, say)

    def faults(self):
        """Plant each fault and see which tool ends with an error."""
        found = {fault.name: {} for fault in sets.FAULTS}
        for tool in (t for t in TOOLS if t not in (CHECK, PLAIN)):
            controls = {
                states: self.run(tool, [page], limit=FAULT_LIMIT)
                for states, page in sets.CONTROLS.items()
                if not states or states in tool.states
            }
            for fault in sets.FAULTS:
                control = controls.get(fault.states, controls[""])
                planted = self.run(tool, [fault.page], limit=FAULT_LIMIT)
                word = clock.verdict(control, planted, fault.states, tool.states)
                found[fault.name][tool.name] = word
                say(f"{fault.name}, {tool.name}", word)
        return {"limit": FAULT_LIMIT, "faults": found}

    def serve(self):
        """Save one example while the site is served; wait until the page shows it."""
        served = [tool for tool in TOOLS if tool.command == MKDOCS]
        found = {tool.name: [] for tool in served}
        for number, tool in product(range(ROUNDS), served):
            found[tool.name].append(self.refreshed(tool, EDITION + number * 10))
            say(tool.name, found[tool.name][-1])
        return {"examples": SERVED, "saves": SAVES, "seconds": found}

    def refreshed(self, tool, edition):
        """Return the seconds from each of a few saves to the page that shows it."""
        folder, port, pages, seconds = self.folder(tool), free_port(), sets.generated(SERVED), []
        tool.write(folder, pages)
        words = ("serve", "--livereload", "--quiet", "-a", f"127.0.0.1:{port}")
        command = [self.python, "-m", "mkdocs", *words]
        with clock.serving(command, folder, self.environment, port, LIMIT):
            for number in range(edition + 1, edition + SAVES + 1):
                tool.write(folder, sets.edited(pages, number))
                shown = f'<span class="mi">{number}</span>'  # As highlighting writes it.
                took = clock.seconds_until(port, f"/{pages[0].name}/", shown, LIMIT)
                seconds.append(None if took is None else round(took, 3))
        return seconds

    def profile(self):
        """Say where the time of a cold build goes, and what one more example takes.

        That is CPU seconds, and pages of memory that it touches and has to be given first.
        """
        seconds, each, alone = {}, {}, self.checked(["a = 1\n"])
        for name, code in STEPS.items():
            command = [self.python, "-c", code]
            runs = [clock.run(command, self.top, self.environment, LIMIT) for _ in range(ROUNDS)]
            seconds[name] = clock.summary(runs)["cpu"]
            say(name, seconds[name])
        for name, text in EXAMPLES.items():
            many = self.checked([text(number) for number in range(SERVED)])
            cpu, pages = ((more - one) / SERVED for more, one in zip(many, alone, strict=True))
            each[name] = {"cpu": round(cpu, 4), "pages": round(pages)}
            say(name, each[name])
        return {"seconds": seconds, "each": each}

    def checked(self, texts):
        """Return the CPU seconds of a cold check of these examples, and the pages it touches."""
        pages = sets.paged([sets.Block(f"b{at}", text) for at, text in enumerate(texts)])
        runs = [self.run(CHECK, pages) for _ in range(ROUNDS)]
        return clock.summary(runs)["cpu"], statistics.median(one.pages for one in runs)


def say(what, found) -> None:
    """Print what was found."""
    print(f"{what}: {found}", flush=True)


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def stamp(python: Path, names: list[str]) -> dict:
    """Where, when and with what a group is measured."""
    code = (
        "import sys, json, importlib.metadata as m;"
        "print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"
    )
    versions = json.loads(subprocess.check_output([python, "-c", code, *names]))
    return kit.stamp(date=kit.today(), cores=cores(), rounds=ROUNDS, versions=versions)


if __name__ == "__main__":
    main()
