"""Sets of examples that every tool is given, and faults that are planted in them."""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

STATED = re.compile(r"^#>(?: (.*))?$", re.M)
RAISED = re.compile(r"^#! (.*)$", re.M)
#: What not every tool can be asked to do, and what pairs a wrong example with its right one.
SPECIAL = re.compile(
    r"#!|--8<--|# %%|matplotlib|__file__|__main__|compile\(|^# (requires|timeout|recorded)", re.M
)
PAIRED = re.compile(r"\A(# (wrong|right): .*\n)+\n?")
#: Examples on a page: what shares a notebook, for the tools that work on notebooks.
PER_PAGE = 10


@dataclass(frozen=True)
class Block:
    """One example, in the grammar of this site: ``#>`` states output, ``#!`` an exception."""

    name: str
    text: str

    @property
    def output(self):
        """What it says that it prints."""
        return "".join(f"{line}\n" for line in STATED.findall(self.text))

    @property
    def error(self):
        """What it says that it raises, or ""."""
        return "".join(RAISED.findall(self.text))

    @property
    def code(self):
        """The code alone."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(("#>", "#!")))


@dataclass(frozen=True)
class Page:
    """Examples that a reader sees together, below a sentence."""

    name: str
    blocks: tuple[Block, ...]
    prose: str = "Each block below is run."


def generated(count):
    """Return pages with so many tiny examples, each with a second derivative of its own."""
    return paged([Block(f"b{i:04}", tiny(i)) for i in range(1, count + 1)])


def tiny(number):
    """Write an example: the second derivative of a cube."""
    return f"""\
import torch

x = torch.tensor({number}.0, requires_grad=True)
y = x**3
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
d2y_dx2 = torch.autograd.grad(dy_dx, x)[0]
print(f"second derivative: {{d2y_dx2}}")
#> second derivative: {6 * number}.0
"""


def own(folder):
    """Return pages with the site's examples that every tool can be asked to run.

    Those are complete files that print and raise nothing, and need nothing beside PyTorch's CPU
    build; the recipes, which are long, are left out.
    """
    found = []
    for path in sorted(folder.rglob("*.py")):
        text, place = path.read_text(encoding="utf-8"), path.relative_to(folder).with_suffix("")
        if "#> " in text and not SPECIAL.search(text) and place.parts[0] != "recipes":
            found.append(Block("_".join(place.parts), PAIRED.sub("", text)))
    return paged(found)


def paged(blocks):
    groups = (blocks[at : at + PER_PAGE] for at in range(0, len(blocks), PER_PAGE))
    return [Page(f"page{number:03}", tuple(group)) for number, group in enumerate(groups)]


def edited(pages, edition):
    """Change one example: it takes another first line, and does what it did."""
    block, *blocks = pages[0].blocks
    block = replace(block, text=f"edition = {edition}\n{block.text}")
    return [replace(pages[0], blocks=(block, *blocks)), *pages[1:]]


# --- faults ---


@dataclass(frozen=True)
class Fault:
    """A mistake that somebody makes on a page."""

    name: str
    page: Page
    #: What a tool must let an author state, so that the mistake can be made: "output", "error",
    #: "prose", or "" if any page can have it.
    states: str = ""


def planted(text):
    """Return the faults, and what is true beside them, of a list such as ``planted.toml``.

    Raises ValueError for a change of what does not stand once on its page: it is no such mistake.
    """
    known = tomllib.loads(text)
    faults = tuple(_fault(known["texts"], **fault) for fault in known["fault"])
    return faults, {states: _page(known["texts"], page) for states, page in known["true"].items()}


def _fault(texts, name, page, states="", prose=Page.prose, change=MappingProxyType({})):
    for before, after in change.items():
        if sum(texts[block].count(before) for block in page) != 1:
            raise ValueError(f"{PLANTED.name}: {name}: not once on its page: {before!r}")
        texts = {block: text.replace(before, after) for block, text in texts.items()}
    return Fault(name, _page(texts, page, prose), states)


def _page(texts, blocks, prose=Page.prose):
    return Page("page", tuple(Block(f"b{i}", texts[b]) for i, b in enumerate(blocks)), prose)


PLANTED = Path(__file__).with_name("planted.toml")
#: The faults; and what must pass beside them, by what it states.
FAULTS, CONTROLS = planted(PLANTED.read_text(encoding="utf-8"))
