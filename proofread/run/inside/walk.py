"""Walk the autograd graph of a snippet's tensors, after it ran; part of its process.

The graph is PyTorch's own: ``grad_fn.next_functions``, from each global tensor down to the leaves.
It knows nothing of a tensor that requires no gradient: where one was used, there is an empty slot.
What stood there is read from the code, which names it.
"""

import ast
import contextlib
import re
from dataclasses import dataclass, field

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
    walker = _Walk(namespace, tree)
    with contextlib.suppress(_TooLarge):
        return walker.nodes if walker.run() else []
    return []


class _TooLarge(Exception):
    """More nodes than anybody would look at."""


class _Walk:
    def __init__(self, namespace, tree):
        self.namespace, self.code = namespace, _definitions(tree)
        self.nodes, self.numbers, self.constants = [], {}, {}
        self.functions = []  # keeps them alive: their identity is their name
        self.tensors = list(_tensors(namespace))

    def run(self):
        """Fill ``nodes``; tell whether there are any."""
        for name, tensor in self.tensors:
            if tensor.requires_grad:
                node = self.nodes[self.number(_function(tensor))]
                if tensor.output_nr in node.outputs:
                    node.aliases.append(name)
                else:
                    node.outputs.append(tensor.output_nr)
                    node.names.append(name)
                    node.values.append(_shown(tensor))
        for name, tensor in self.tensors:
            if tensor.grad_fn is not None and name in self.code:
                self.name_slots(tensor.grad_fn, self.code[name][-1])
        for name, tensor in self.tensors:
            # A constant alone may be what a page is about, and so may a leaf made of others.
            if not tensor.requires_grad and name in self.code:
                self.constant(ast.Name(name))
            elif tensor.requires_grad and tensor.is_leaf:
                leaf = self.number(_function(tensor))
                names = [used for code in self.code.get(name, ()) for used in _names(code)]
                self.nodes[leaf].missing = [n for n in self.missing(names) if n != leaf]
        for function in self.functions:
            self.nodes[self.number(function)].saved = self.saved(function)
        return bool(self.functions)

    def number(self, function):
        """Return the number of a node; walks what is below it the first time."""
        waiting, added = [function], []
        while waiting:
            current = waiting.pop()
            if current not in self.numbers:
                self.numbers[current] = self.add(Node(current.name().rpartition("::")[2]))
                added.append(current)
                waiting += [below for below, _ in reversed(current.next_functions) if below]
        for new in added:
            below = [f and [self.numbers[f], output] for f, output in new.next_functions]
            self.nodes[self.numbers[new]].slots = below
        self.functions += added
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
        if operands is None or len(operands) > len(function.next_functions):
            return
        slots = self.nodes[self.numbers[function]].slots
        for place, operand in enumerate(operands):
            below = function.next_functions[place][0]
            if below is None and slots[place] is None:
                number = self.constant(operand)
                slots[place] = number if number is None else [number, 0]
            elif below is not None and not isinstance(operand, ast.Name):
                self.name_slots(below, operand)

    def operands(self, function, code):
        """List the code of what an operation took, without numbers; None for another operation."""
        if isinstance(code, ast.BinOp):
            name, found = OPERATORS.get(type(code.op)), [code.left, code.right]
        elif isinstance(code, ast.UnaryOp):
            name, found = OPERATORS.get(type(code.op)), [code.operand]
        elif isinstance(code, ast.Call) and isinstance(code.func, ast.Attribute):
            name, found = code.func.attr.replace("_", ""), list(code.args)
            if not self.is_module(code.func.value):
                found.insert(0, code.func.value)
        else:
            return None
        if not name or not re.match(rf"({name})Backward", function.name(), re.IGNORECASE):
            return None
        # PyTorch's first operand is a tensor: Python turns 2 * x round.
        numbers = [part for part in found if self.is_number(part)]
        return [part for part in found if part not in numbers]

    def is_module(self, code):
        import types

        value = self.namespace.get(code.id) if isinstance(code, ast.Name) else None
        return isinstance(value, types.ModuleType)

    def is_number(self, code):
        if isinstance(code, ast.Name):
            return isinstance(self.namespace.get(code.id), (int, float))
        if isinstance(code, ast.UnaryOp):
            return self.is_number(code.operand)
        return isinstance(code, ast.Constant)

    def constant(self, code):
        """Return the number of the constant that the code is, or None if nothing tells."""
        text = ast.unparse(code)
        if text not in self.constants:
            known, names = dict(self.tensors), _names(code)
            if not any(name in known for name in (text, *names)):
                return None
            value = _shown(known[text]) if text in known else ""
            made = Node("", [text], [value], outputs=[0], missing=self.missing(names))
            self.constants[text] = self.add(made)
        return self.constants[text]

    def missing(self, names):
        """List the nodes that the code of a constant leads to: there, an edge could have been."""
        found, seen, waiting = [], set(), list(names)
        tensors = dict(self.tensors)
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if name in tensors and tensors[name].requires_grad:
                found.append(self.number(_function(tensors[name])))
            elif name in self.code:
                waiting += [used for code in self.code[name] for used in _names(code)]
        return sorted(set(found))

    def saved(self, function):
        """List what a node keeps for its backward pass; None if that was freed."""
        try:
            if hasattr(function, "saved_tensors"):
                kept = list(function.saved_tensors)
            else:
                names = [name for name in dir(function) if name.startswith("_saved_")]
                kept = [getattr(function, name) for name in names]
        except RuntimeError:
            return None
        return [self.called(tensor) for tensor in kept if _is_tensor(tensor)]

    def called(self, tensor):
        """Name a saved tensor: it is another object than the variable, and the same data."""
        for name, known in self.tensors:
            if known is tensor or (
                known.requires_grad == tensor.requires_grad
                and known.shape == tensor.shape
                and known.data_ptr() == tensor.data_ptr()
            ):
                return name
        return "" if tensor.requires_grad else "a constant"


def _shown(tensor):
    """Write a tensor's value if it is a number, and otherwise its shape."""
    if tensor.numel() == 1 and tensor.dim() == 0:
        value = tensor.item()
        return f"{value:.4g}" if isinstance(value, float) else str(value)
    return "[" + ", ".join(map(str, tensor.shape)) + "]"


def _function(tensor):
    """Return the node whose result a tensor is; of a leaf, the one that collects its gradient."""
    from torch.autograd.graph import get_gradient_edge

    return get_gradient_edge(tensor).node


def _is_tensor(value):
    import torch

    return isinstance(value, torch.Tensor)


def _tensors(namespace):
    """Yield the name and tensor of each variable, and of what lists, dicts and modules hold."""
    import torch

    for name, value in list(namespace.items()):
        if name.startswith("_"):
            continue
        if _is_tensor(value):
            yield name, value
        elif isinstance(value, torch.nn.Module):
            yield from ((f"{name}.{part}", held) for part, held in value.named_parameters())
        elif isinstance(value, (list, tuple)):
            held = enumerate(value)
            yield from ((f"{name}[{at}]", part) for at, part in held if _is_tensor(part))
        elif isinstance(value, dict):
            held = value.items()
            yield from ((f"{name}[{at!r}]", part) for at, part in held if _is_tensor(part))


def _definitions(tree):
    """Return {name: what was assigned to it}, in order, outside of functions and classes."""
    found, waiting = {}, list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Assign):
            for target in node.targets:
                _define(found, target, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            whole = ast.BinOp(ast.Name(node.target.id), node.op, node.value)
            found.setdefault(node.target.id, []).append(whole)
        waiting[:0] = list(ast.iter_child_nodes(node))
    return found


def _define(found, target, value):
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else ()
        for at, part in enumerate(target.elts):
            _define(found, part, parts[at] if len(parts) == len(target.elts) else value)


def _names(code):
    return list(dict.fromkeys(node.id for node in ast.walk(code) if isinstance(node, ast.Name)))
