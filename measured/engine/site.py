"""The whole site as a set: built and served as its authors do, beside its pages without an engine.

The others get the pages that ``expand`` writes, so they run nothing; what they need for those pages
is what a site costs anyway.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from measured.engine import clock
from measured.kit import ROOT

OURS, PLAIN, ZENSICAL = "this site", "plain MkDocs", "Zensical"
LIMIT = 1800
#: Of mkdocs.yml, what is ours or only MkDocs' own.
LEFT_OUT = ("hooks", "watch", "plugins", "validation", "not_in_nav", "extra_javascript")
#: What an author saves: file -> (what stands there, what is to stand there), per tool's kind.
PAGE, SNIPPET = "docs/pitfalls/precision.md", "snippets/learn/toy_example/silent.py"
SHOWN = "docs/learn/toy-example.md"
TEMPLATE = {OURS: "theme/partials/colophon.html", "": "overrides/main.html"}
MAIN = '{% extends "base.html" %}\n{% block extrahead %}<meta name="x" content="0">{% endblock %}\n'
#: What is done, in this order; the first is once, since what it takes is mostly the examples' own.
PHASES = ("cold", "nothing changed", "a page saved", "a snippet saved", "a template saved")
SERVED = ("first page", "served page", "served snippet")


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml: of what the environment may say, what is said without it."""


Loader.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node)[-1])


@dataclass
class Site:
    """A copy of the site for one tool."""

    tool: str
    folder: Path
    edition: int = 0
    runs: dict = field(default_factory=dict)

    @property
    def command(self):
        """What builds it."""
        if self.tool == ZENSICAL:
            return [sys.executable, "-m", "zensical", "build"]
        return [sys.executable, "-m", "mkdocs", "build", "--quiet"]

    def environment(self):
        """Let Python find the copy's own packages before others."""
        paths = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        return {**os.environ, "PYTHONPATH": paths, "NO_MKDOCS_2_WARNING": "1"}

    def build(self, phase):
        """Build it, and note what that took."""
        one = clock.run(self.command, self.folder, self.environment(), LIMIT)
        if one.status:
            raise RuntimeError(f"{self.tool}, {phase}: {one.text[-2000:]}")
        self.runs.setdefault(phase, []).append(one)
        return one

    def save(self, what):
        """Save a page, a snippet or a template with a number that was not there; return it."""
        self.edition += 1
        word = f"edition{self.edition}"
        if what == "template":
            name = TEMPLATE.get(self.tool, TEMPLATE[""])
            self.append(name, f"<!-- {word} -->\n")
        elif what == "page":
            self.append(PAGE, f"\n{word}\n")
        elif self.tool == OURS:
            self.append(SNIPPET, f"{word} = True\n")
        else:
            text = (self.folder / SHOWN).read_text(encoding="utf-8")
            before, fence, after = text.partition("```python\n")
            self.write(SHOWN, f"{before}{fence}{word} = True\n{after}")
        return word

    def append(self, name, more):
        """Add a line to a file."""
        self.write(name, (self.folder / name).read_text(encoding="utf-8") + more)

    def write(self, name, text):
        """Save a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def serve(self, port):
        """Serve it, and note the seconds to the first page, and from saves to what they change."""
        tool = "zensical" if self.tool == ZENSICAL else "mkdocs"
        command = [sys.executable, "-m", tool, "serve", "-a", f"127.0.0.1:{port}"]
        # What is served differs from what is built, and a template was saved: fill the cache.
        with clock.serving(command, self.folder, self.environment(), port, LIMIT):
            pass
        started = time.perf_counter()
        with clock.serving(command, self.folder, self.environment(), port, LIMIT):
            took = {"first page": time.perf_counter() - started}
            for what, url in (("page", "/pitfalls/precision/"), ("snippet", "/learn/toy-example/")):
                for _ in range(3):  # The first snippet waits for PyTorch.
                    took[f"served {what}"] = clock.seconds_until(port, url, self.save(what), LIMIT)
        for phase, seconds in took.items():
            self.runs.setdefault(phase, []).append(seconds)


def copies(top):
    """Make a copy of this repository, and its expanded pages for each of the others."""
    ours = Site(OURS, top / "ours")
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        (ours.folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, ours.folder / name)
    if (ROOT / ".cache/proofread").exists():
        shutil.copytree(ROOT / ".cache/proofread", ours.folder / ".cache/proofread")
    command = [sys.executable, "-m", "proofread", "expand", str(top / "expanded")]
    subprocess.run(command, cwd=ours.folder, env=ours.environment(), check=True)
    others = [plain(Site(tool, top / tool.replace(" ", "-")), top) for tool in (PLAIN, ZENSICAL)]
    return [ours, *others]


def plain(site, top):
    """Write the expanded pages, and a configuration without what is ours."""
    shutil.copytree(top / "expanded", site.folder / "docs")
    shutil.copytree(ROOT / "docs/assets", site.folder / "docs/assets")
    (site.folder / "overrides").mkdir()
    site.write("overrides/main.html", MAIN)
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)
    kept = {name: value for name, value in config.items() if name not in LEFT_OUT}
    kept["theme"] = {k: v for k, v in kept["theme"].items() if k != "icon"}
    kept["theme"]["custom_dir"] = "overrides"
    kept["plugins"] = ["search"]
    site.write("mkdocs.yml", yaml.safe_dump(kept))
    return site


def measure(top, rounds, port, say):
    """Return what each phase took each tool, in rounds that alternate between them."""
    # From round to round the same: a page says where it is served.
    sites, ports = copies(top), {}
    for number in range(rounds):
        for site in sites:
            if number == 0:
                shutil.rmtree(site.folder / ".cache", ignore_errors=True)
                site.build("cold")
            for phase in PHASES[1:]:
                what = phase.split()[1]
                if what != "changed":
                    site.save(what)
                one = site.build(phase)
                say(f"{number + 1} {site.tool}, {phase}", f"{one.wall:.2f} s, {one.cpu:.2f} s CPU")
            site.serve(ports.setdefault(site.tool, port()))
            took = {phase: round(site.runs[phase][-1], 2) for phase in SERVED}
            say(f"{number + 1} {site.tool}", took)
    return {
        "pages": sum(1 for _ in (top / "expanded").rglob("*.md")),
        "snippets": sum(1 for _ in (sites[0].folder / "snippets").rglob("*.py")),
        "load": round(os.getloadavg()[2], 1),
        "runs": {
            site.tool: {phase: noted(runs) for phase, runs in site.runs.items()} for site in sites
        },
    }


def noted(runs):
    """Write down builds, or seconds."""
    if isinstance(runs[0], float):
        return {"rounds": [round(seconds, 3) for seconds in runs]}
    return {
        "rounds": [round(one.wall, 3) for one in runs],
        "cpu": [round(one.cpu, 3) for one in runs],
        "peak": round(max(one.peak for one in runs)),
    }
