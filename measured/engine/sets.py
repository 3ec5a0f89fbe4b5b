"""Sets of examples that every tool is given, and faults that are planted in them. Pure."""

import re
from dataclasses import dataclass, replace

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


TRUE = """\
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]
print(f"dd_da: {dd_da}")
#> dd_da: 10.0
"""
RAISES = """\
import torch

x = torch.tensor(1.0, requires_grad=True)
y = x.exp()
y.backward()
#! RuntimeError: Trying to backward through the graph a second time ...
"""
TWICE = RAISES.replace("y.backward()\n", "y.backward()\ny.backward()\n")
LEANS = """\
import torch

print(torch.ones(()).dtype)
#> torch.float64
"""
NAMES = 'print(f"c: {c}")\n#> c: 2.0\n'
SETS = LEANS.replace("\n\n", "\n\ntorch.set_default_dtype(torch.float64)\n")


def page(*texts, **more):
    return Page("page", tuple(Block(f"b{i}", text) for i, text in enumerate(texts)), **more)


#: What is true, and must pass: what a fault is called a fault beside.
CONTROLS = {"": page(TRUE), "error": page(TRUE, TWICE)}

FAULTS = (
    Fault("The output is another one", page(TRUE.replace("10.0", "11.0")), "output"),
    Fault(
        "`create_graph=True` is gone, and the answer is another one",
        page(TRUE.replace(", create_graph=True", "")),
    ),
    Fault(
        "The exception says something else",
        page(TRUE, TWICE.replace("Trying to backward", "Cannot go backward")),
        "error",
    ),
    Fault("The exception does not come any more", page(TRUE, RAISES), "error"),
    Fault("An example needs a name from the one before", page(TRUE, NAMES)),
    Fault("An example needs a setting from the one before", page(SETS, LEANS)),
    Fault("An example never ends", page("while True:\n    pass\n", TRUE)),
    Fault("An example ends the process, with status 0", page("import os\n\nos._exit(0)\n", TRUE)),
    Fault("A number in the prose is another one", page(TRUE, prose="It is 11.0."), "prose"),
)
