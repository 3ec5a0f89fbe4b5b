"""Walk the autograd graph of a snippet's tensors, after it ran; part of its process.

The graph is PyTorch's own: ``grad_fn.next_functions``, from each global tensor down to the leaves.
It knows nothing of a tensor that requires no gradient: where one was used, there is an empty slot.
What stood there is read from the code, which names it.
"""

import ast
import contextlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from types import ModuleType

from proofread.run.inside.limits import NODES

#: What Python's operators are called in PyTorch's names of nodes.
OPERATORS = {
    ast.Add: "Add",
    ast.Sub: "Sub|Rsub",
    ast.Mult: "Mul",
    ast.Div: "Div",
    ast.Pow: "Pow",
    ast.MatMult: "Mm|Mv|Dot|Bmm|Matmul",
    ast.USub: "Neg",
}


@dataclass
class Node:
    """An operation, a leaf or a constant; other nodes are named by their number in the graph."""

    #: PyTorch's name for it; "" for a constant.
    op: str = ""
    #: The variables that hold its results, their values, and which of the results each is.
    names: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    #: Further variables that hold these.
    aliases: list[str] = field(default_factory=list)
    #: For each input the number of a node and of its result, or None.
    slots: list[list[int] | None] = field(default_factory=list)
    #: What it keeps for the backward pass; None if that was freed.
    saved: list[str] | None = field(default_factory=list)
    #: The nodes that the code of a constant or a leaf names, and no edge leads to.
    missing: list[int] = field(default_factory=list)

    @property
    def is_constant(self) -> bool:
        """Tell whether it requires no gradient, so that PyTorch has no node for it."""
        return not self.op

    @property
    def below(self) -> list[int]:
        """The nodes that it takes its inputs from."""
        return [slot[0] for slot in self.slots if slot]


def walk(namespace: dict[str, object], tree: ast.Module) -> list[Node]:
    """Return the graph of all tensors among a snippet's globals; [] if too large for a picture."""
    with contextlib.suppress(_TooLarge):
        return _Walk(namespace, tree).run()
    return []


class _TooLarge(Exception):
    """More nodes than anybody would look at."""


class _Walk:
    def __init__(self, namespace, tree):
        self.namespace, self.tensors = namespace, _tensors(namespace)
        #: What was assigned to a name last, and the names that stand in all that ever was.
        self.code, self.uses = {}, defaultdict(set)
        for name, value in _definitions(tree.body):
            self.code[name] = value
            self.uses[name] |= _names(value)
        self.nodes, self.constants = [], {}
        self.numbers = {}  # keeps functions alive: their identity is their name
        #: The number of the node that a variable is a result of, or the leaf of.
        self.made_by = {
            name: self.number(_function(tensor))
            for name, tensor in self.tensors.items()
            if tensor.requires_grad
        }

    def run(self):
        """Return the nodes, with all that is known of them."""
        for function, number in self.numbers.items():
            below = [f and [self.numbers[f], output] for f, output in function.next_functions]
            self.nodes[number].slots = below
        for name, number in self.made_by.items():
            node, tensor = self.nodes[number], self.tensors[name]
            if tensor.output_nr in node.outputs:
                node.aliases.append(name)
            else:
                node.outputs.append(tensor.output_nr)
                node.names.append(name)
                node.values.append(_shown(tensor))
        for name, tensor in self.tensors.items():
            if tensor.grad_fn is not None and name in self.code:
                self.name_slots(tensor.grad_fn, self.code[name])
        for name, tensor in self.tensors.items():
            # A constant alone may be what a page is about, and so may a leaf made of others.
            if not tensor.requires_grad and name in self.code:
                self.constant(ast.Name(name))
            elif tensor.requires_grad and tensor.is_leaf:
                leaf = self.made_by[name]
                missing = self.missing(self.uses[name])
                self.nodes[leaf].missing = [number for number in missing if number != leaf]
        for function, number in self.numbers.items():
            self.nodes[number].saved = self.saved(function)
        return self.nodes if self.numbers else []

    def number(self, function):
        """Return the number of a node; adds it and what is below it the first time."""
        waiting = [function]
        while waiting:
            current = waiting.pop()
            if current not in self.numbers:
                self.numbers[current] = self.add(Node(current.name().rpartition("::")[2]))
                waiting += [below for below, _ in reversed(current.next_functions) if below]
        return self.numbers[function]

    def add(self, node):
        """Add a node and return its number."""
        if len(self.nodes) == NODES.value:
            raise _TooLarge
        self.nodes.append(node)
        return len(self.nodes) - 1

    def name_slots(self, function, code):
        """Put a constant into each empty slot whose operand the code names."""
        operands = self.operands(function, code)
        if len(operands) > len(function.next_functions):
            return
        slots = self.nodes[self.numbers[function]].slots
        for place, operand in enumerate(operands):
            below = function.next_functions[place][0]
            if below and not isinstance(operand, ast.Name):
                self.name_slots(below, operand)
            elif not slots[place] and (number := self.constant(operand)) is not None:
                slots[place] = [number, 0]

    def operands(self, function, code):
        """List the code of what an operation took, without numbers; [] for another operation."""
        match code:
            case ast.BinOp():
                name, found = OPERATORS.get(type(code.op)), [code.left, code.right]
            case ast.UnaryOp():
                name, found = OPERATORS.get(type(code.op)), [code.operand]
            case ast.Call(func=ast.Attribute(value, name), args=found):
                name = name.replace("_", "")
                if not isinstance(self.value(value), ModuleType):
                    found = [value, *found]
            case _:
                return []
        if not name or not re.match(rf"({name})Backward", function.name(), re.IGNORECASE):
            return []
        # PyTorch's first operand is a tensor: Python turns 2 * x round.
        return [part for part in found if not self.is_number(part)]

    def value(self, code):
        """Return the value of a variable; None for other code."""
        return self.namespace.get(code.id) if isinstance(code, ast.Name) else None

    def is_number(self, code):
        if isinstance(code, ast.UnaryOp):
            return self.is_number(code.operand)
        return isinstance(code, ast.Constant) or isinstance(self.value(code), (int, float))

    def constant(self, code):
        """Return the number of the constant that the code is, or None if nothing tells."""
        text, names = ast.unparse(code), _names(code)
        if text not in self.constants:
            if not self.tensors.keys() & {text, *names}:
                return None
            value = _shown(self.tensors[text]) if text in self.tensors else ""
            made = Node("", [text], [value], outputs=[0], missing=self.missing(names))
            self.constants[text] = self.add(made)
        return self.constants[text]

    def missing(self, names):
        """List the nodes that the code of a constant leads to: there, an edge could have been."""
        found, seen, waiting = set(), set(), list(names)
        while waiting:
            name = waiting.pop()
            if name in self.made_by:
                found.add(self.made_by[name])
            elif name not in seen:
                seen.add(name)
                waiting += self.uses[name]
        return sorted(found)

    def saved(self, function):
        """List what a node keeps for its backward pass; None if that was freed."""
        try:
            kept = getattr(function, "saved_tensors", None)
            if kept is None:
                names = [name for name in dir(function) if name.startswith("_saved_")]
                kept = [getattr(function, name) for name in names]
        except RuntimeError:
            return None
        return [self.called(tensor) for tensor in kept if _is_tensor(tensor)]

    def called(self, tensor):
        """Name a saved tensor: it is another object than the variable, and the same data."""
        for name, known in self.tensors.items():
            if known is tensor or (
                known.requires_grad == tensor.requires_grad
                and known.shape == tensor.shape
                and known.data_ptr() == tensor.data_ptr()
            ):
                return name
        return "" if tensor.requires_grad else "a constant"


def _shown(tensor):
    """Write a tensor's value if it is a number, and otherwise its shape."""
    if tensor.dim():
        return str(list(tensor.shape))
    value = tensor.item()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _function(tensor):
    """Return the node whose result a tensor is; of a leaf, the one that collects its gradient."""
    from torch.autograd.graph import get_gradient_edge

    return get_gradient_edge(tensor).node


def _is_tensor(value):
    import torch

    return isinstance(value, torch.Tensor)


def _tensors(namespace):
    """Return the tensors by name: of variables, and of what lists, dicts and modules hold."""
    import torch

    found = {}
    for name, value in list(namespace.items()):
        form, parts = "{}", [("", value)]
        if isinstance(value, torch.nn.Module):
            form, parts = "{}.{}", value.named_parameters()
        elif isinstance(value, (list, tuple)):
            form, parts = "{}[{}]", enumerate(value)
        elif isinstance(value, dict):
            form, parts = "{}[{!r}]", value.items()
        if not name.startswith("_"):
            found |= {form.format(name, at): part for at, part in parts if _is_tensor(part)}
    return found


def _definitions(nodes):
    """Yield each name and what is assigned to it, in order, outside of functions and classes."""
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _assigned(target, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, ast.BinOp(ast.Name(node.target.id), node.op, node.value)
        elif not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield from _definitions(ast.iter_child_nodes(node))


def _assigned(target, value):
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        if len(parts) != len(target.elts):
            parts = [value] * len(target.elts)
        for pair in zip(target.elts, parts, strict=True):
            yield from _assigned(*pair)


def _names(code):
    return {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
