"""The part of an autograd graph below some variables: as lines that a page states, and in words.

A line is a variable and how it came about: ``d = 10: MulBackward0(AddBackward0(a, [dc_da]), [b])``.
What requires no gradient stands in brackets, and ``-`` for an input that has no name.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from proofread.run.inside.walk import Node

LEAF = "AccumulateGrad"
UNNAMED = "-"


@dataclass(frozen=True)
class Subgraph:
    """The nodes that can be reached from the roots."""

    nodes: tuple[Node, ...]
    #: Numbers of nodes.
    roots: tuple[int, ...]
    #: Whether what is kept for the backward pass is told, too.
    saved: bool = False

    @classmethod
    def below(cls, nodes: Sequence[Node], names: Iterable[str], saved: bool = False) -> "Subgraph":
        """Return what is below these variables. Raises KeyError for one that has no node."""
        numbers = {name: at for at, node in enumerate(nodes) for name in node.names + node.aliases}
        return cls(tuple(nodes), tuple(numbers[name] for name in names), saved)

    @cached_property
    def reached(self) -> list[int]:
        """The numbers of all nodes, each above what it is made of."""
        seen, waiting = [], [*reversed(self.roots)]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.append(number)
                waiting += reversed(self.ends(number))
        return seen

    def ends(self, number: int) -> list[int]:
        """Return where edges lead from a node, those that are missing included."""
        node = self.nodes[number]
        return node.below + node.missing

    @cached_property
    def labels(self) -> dict[int, str]:
        """The number of a node -> its name; a node without one that is used twice gets one."""
        uses = Counter(end for number in self.reached for end in self.ends(number))
        found, unnamed = {}, count(1)
        for number in self.reached:
            if names := self.nodes[number].names:
                found[number] = ", ".join(names)
            elif uses[number] > 1:
                found[number] = f"#{next(unnamed)}"
        return found

    def outline(self) -> list[str]:
        """Return the lines that a page states."""
        return [self._line(number) for number in self.labels]

    def words(self) -> str:
        """Return sentences for who does not see the picture."""
        return " ".join(map(self._sentence, self.labels))

    def _line(self, number):
        node = self.nodes[number]
        made = "constant" if node.is_constant else self._made(number)
        ends = ", ".join(self.labels[end] for end in node.missing)
        return f"{self._head(number)}: {made}" + (f", no edge to {ends}" if ends else "")

    def _head(self, number):
        return " = ".join(filter(None, [self._name(number), ", ".join(self.nodes[number].values)]))

    def _name(self, number):
        label = self.labels.get(number, "")
        return f"[{label}]" if self.nodes[number].is_constant else label

    def _made(self, number):
        node = self.nodes[number]
        inside = ", ".join(map(self._term, node.slots))
        return node.op + self.kept(number) + (f"({inside})" if node.op != LEAF else "")

    def _term(self, slot):
        if slot is None:
            return UNNAMED
        number, output = slot
        node = self.nodes[number]
        if output in node.outputs and not node.is_constant:
            return node.names[node.outputs.index(output)]
        return self._name(number) or self._made(number)

    def kept(self, number: int) -> str:
        """Say what a node keeps for the backward pass, in braces, or ""."""
        names = self.nodes[number].saved
        if not self.saved or names == []:
            return ""
        return "{freed}" if names is None else "{" + ", ".join(n or "a tensor" for n in names) + "}"

    def _sentence(self, number):
        node, head = self.nodes[number], self._head(number)
        if not node.is_constant and node.op != LEAF:
            return f"{head} is {self._made(number)}."
        ends = " or ".join(self.labels[end] for end in node.missing)
        kind = "constant" if node.is_constant else "leaf"
        return f"{head} is a {kind}" + (f": no edge leads to {ends}." if ends else ".")
