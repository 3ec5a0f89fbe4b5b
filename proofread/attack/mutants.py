"""A text -> the same text with one thing changed, in each place where it matters. Pure.

An operator is a small function: a node of the syntax tree, and the source, to ``(part, code)``
pairs, the part to replace and what to write instead. What is neither right nor wrong, such as
a seed or a size, is left alone.
"""

import ast
import itertools
import re
from dataclasses import dataclass
from functools import cached_property

from proofread.read.page import BRACES
from proofread.read.snippet import lines_of
from proofread.show.kinds import Bound, Graph

COEFFICIENT = re.compile(r"(.*_)?(lam|lambda_?|alpha|beta|weight|coefficient|penalty|strength)")
RATE = re.compile(r"(.*_)?(lr|rate|eta|step_size)")
STEPS = re.compile(r"(.*_)?(steps|epochs|iterations|rounds)")
#: A loop of so many steps goes on until it has converged, or a figure is full: one more, or a
#: larger step of its optimizer, ends at the same place. Inner loops, which are differentiated
#: themselves, have fewer steps.
MANY = 50
#: A number, and no part of a name such as PowBackward0; and one that is computed, and no count:
#: PyTorch writes a decimal point even where the number is whole.
NUMBER, DECIMAL = re.compile(r"(?<![\w])\d"), re.compile(r"(?<![\w])\d+\.|\d+e-\d")
CHECK = re.compile(r"gradcheck|\bassert")
#: A snippet that checks by differences, or states seven digits or something tiny.
PRECISE = re.compile(r"gradcheck|^#.*(\d(\.?\d){6}|\de-(0[7-9]|[1-9]\d))", re.M)
#: Adding to these joins them.
TEXT = (ast.JoinedStr, ast.List, ast.Tuple)
#: Methods that draw the data that they are given.
DRAWING = {"plot", "semilogx", "semilogy", "loglog", "scatter", "bar", "contour", "contourf"}
#: What is said to these by name is how something looks: its width, its shade.
LOOKING = DRAWING | {"fill_between"}
#: The means of an oracle, not its claim: tolerances, steps of finite differences, sizes, places.
MEANS = re.compile(
    r"(.*_)?(abs|rel|[ar]tol|exact|tolerance|h|step|steps|seed|eps|digits|dim|axis|size|dps"
    r"|prec|bracket)",
    re.I,
)
PLUMBING = {"range", "arange", "eye", "linspace", "manual_seed", "default_rng", "seed", "evalf"}
PLUMBING |= {"round", "workdps", "Linear"}
#: A step or a tolerance, wherever it stands.
SMALL = re.compile(r"1e-\d+")


@dataclass(frozen=True)
class Mutant:
    """A file with one thing changed."""

    #: Relative to the project, with forward slashes.
    path: str
    line: int
    #: The line as it was, without indentation.
    source: str
    #: What was changed: ``create_graph=True -> create_graph=False``.
    change: str
    text: str
    #: Whether only what the file states was changed, so that nothing has to run.
    stated: bool = False

    @property
    def name(self):
        """What it is called in a list that outlives line numbers."""
        return f"{self.path}: {self.change}, in: {self.source}"

    def __str__(self):
        return self.name.replace(":", f":{self.line}:", 1)


# --- what a snippet does ---


def create_graph(node, source):
    """The mistake that the site is about, and the argument that is taken for it."""
    if keyword := _asks_for_graph(node):
        yield keyword, "create_graph=False"
        if all(other.arg != "retain_graph" for other in node.keywords):
            yield keyword, "retain_graph=True"


def detached(node, source):
    """A gradient is cut off after it was made differentiable."""
    if _asks_for_graph(node) and source.of(node.func).endswith("autograd.grad"):
        yield node, f"tuple(g if g is None else g.detach() for g in {source.of(node)})"


def sign(node, source):
    """Plus becomes minus, and minus plus; what is negated no longer is."""
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            if not isinstance(left, TEXT) and not isinstance(right, TEXT) and not _is_zero(right):
                yield node, source.inverted(node)
        # A negative number alone is an input, or a place such as the last dimension.
        case ast.UnaryOp(ast.USub(), operand) if not _is_number(operand):
            yield node, source.of(node)[1:]
        case ast.BinOp(ast.UnaryOp(ast.USub())):
            yield node.left, source.of(node.left)[1:]


def exponent(node, source):
    """A square becomes a cube."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield from _one_more([node.right])
    elif _called(node) == "pow":
        yield from _one_more(node.args)


def coefficient(node, source):
    """A factor is doubled, be it a number in place or a name for it."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        yield from _doubled([node.left, node.right])
    else:
        yield from _doubled(_given(node, COEFFICIENT))


def learning_rate(node, source):
    """A learning rate is doubled, unless it is zero, or of an optimizer that takes many steps."""
    if not (node in source.rates and source.takes_many_steps(node)):
        yield from _doubled(rate for rate in _given(node, RATE) if not _is_zero(rate))


def step_count(node, source):
    """A loop of few steps runs once more."""
    counts = [*_given(node, STEPS), *_times(node)]
    yield from _one_more(count for count in counts if not _is_many(count))


def less_precise(node, source):
    """Double precision becomes single, where what is stated depends on it."""
    if not PRECISE.search(source.text):
        return
    if isinstance(node, ast.Attribute) and source.of(node) in ("torch.float64", "torch.double"):
        yield node, "torch.float32"
    elif _called(node) == "double" and not node.args:
        yield node, source.of(node).removesuffix("double()") + "float()"


def plotted(node, source):
    """What a figure shows is doubled where it is made, before it is asserted and drawn."""
    if isinstance(node, ast.Module):
        parts = [[*ast.walk(part)] for part in node.body]
        drawings = [part for part in parts if not DRAWING.isdisjoint(map(_called, part))]
        names = [node for part in drawings for node in part if isinstance(node, ast.Name)]
        drawn = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        for part in node.body:
            if isinstance(part, ast.Assign) and _name(part) in drawn:
                value = part.value
                while isinstance(value, (ast.DictComp, ast.ListComp)):  # what it makes each time
                    value = value.value if isinstance(value, ast.DictComp) else value.elt
                if not (isinstance(value, (ast.Dict, ast.Lambda)) or _is_zero(value)):
                    yield value, f"2 * ({source.of(value)})"


#: What decides whether there is a graph, whatever the numbers are.
FLAGS = (create_graph, detached)
#: What decides how many there are of something, whatever the numbers are.
COUNTS = (*FLAGS, step_count)
NUMBERS = (sign, exponent, coefficient, learning_rate, less_precise, plotted)


def is_look(node, parent):
    """Tell whether a part of a snippet is how a drawing looks."""
    return isinstance(node, ast.keyword) and _called(parent) in LOOKING


# --- what an oracle knows ---


def constant(node, source):
    """A number that an oracle computes with, or expects, is another one."""
    if _is_number(node) and not SMALL.fullmatch(source.of(node)):
        yield node, repr(node.value + 1 if isinstance(node.value, int) else 1.5 * node.value or 1.0)


def is_means(node, parent):
    """Tell whether the numbers in a part of an oracle make no claim of what is true."""
    match parent:
        case ast.Subscript(slice=place) if node is place:
            return True
        case ast.FunctionDef(decorator_list=decorators) if node in decorators:
            # Plain examples; a tuple may have an answer in it.
            return not any(isinstance(part, ast.Tuple) for part in ast.walk(node))
        case ast.Dict(keys, values) if node in values:  # {"rtol": 0}
            key = keys[values.index(node)]
            return isinstance(key, ast.Constant) and bool(MEANS.fullmatch(str(key.value)))
    match node:
        case ast.keyword() | ast.arg() | ast.Assign():
            return bool(MEANS.fullmatch(_name(node)))
        case ast.Compare(ops=[first, *_]):  # a bound
            return not isinstance(first, (ast.Eq, ast.In))
    return isinstance(node, ast.arguments) or _called(node) in PLUMBING


# --- the three kinds of files ---


def of_snippet(snippet, quoted=False):
    """Yield a snippet's mutants: of each digit that it states, then of what it does.

    Where it states no number, and no page quotes one, only its flags can be right or wrong; where
    it states only counts, its flags and steps. In the statement that raises, no number comes out.
    """
    numbers = {number for statement in snippet.statements for number in statement.lines}
    if snippet.wrong:
        numbers.add(snippet.wrong.line)
    lines = lines_of(snippet.text)
    yield from _digits(snippet.path, lines, numbers)
    output = "\n".join(line for statement in snippet.statements for line in statement.output)
    told = quoted or snippet.wrong or CHECK.search(snippet.text)
    counted = told or NUMBER.search(output)
    yield from of_text(snippet.path, snippet.text, COUNTS if counted else FLAGS, is_look)
    if told or DECIMAL.search(output) or (counted and _compares(ast.parse(snippet.text))):
        raising = snippet.statements[-1].start if snippet.raises else None

        def skipped(node, parent):
            raises = isinstance(node, ast.Expr) and node.lineno == raising
            return raises or is_look(node, parent)

        yield from of_text(snippet.path, snippet.text, NUMBERS, skipped)


def of_page(page, text):
    """Yield a page's mutants: of each digit of its graphs, and each bound value renamed."""
    lines = lines_of(text)
    for graph in page.of(Graph):
        yield from _digits(page.path, lines, range(graph.first, graph.first + len(graph.outline)))
    front = lines.index("---", 1) if page.meta else 0
    for number in sorted({*range(1, front + 1), *(piece.line for piece in page.of(Bound))}):
        for braces in BRACES.finditer(lines[number - 1]):
            if bound := Bound.BRACES.fullmatch(braces[1].strip()):
                value = bound["value"]
                name = f"{bound['name']}:{value}"
                other = braces[0].replace(name, f"{name}_", 1)
                change = f"{value} -> {value}_"
                yield _on_line(page.path, lines, number, braces, other, change)


def of_oracle(path, text):
    """Yield the mutants of a file of oracle tests."""
    yield from of_text(path, text, [constant], is_means)


def _digits(path, lines, numbers):
    """Yield a mutant for each digit in these lines, which state what happened."""
    for number in sorted(numbers):
        for digit in re.finditer(r"\d", lines[number - 1]):
            other = str((int(digit[0]) + 1) % 10)
            change = f"digit {digit[0]} -> {other} at {digit.start() + 1}"
            yield _on_line(path, lines, number, digit, other, change, stated=True)


def _on_line(path, lines, number, found, other, change, stated=False):
    """Return a mutant in which a line has something else in the place of a match."""
    line = lines[number - 1]
    changed = line[: found.start()] + other + line[found.end() :]
    text = "\n".join([*lines[: number - 1], changed, *lines[number:]]) + "\n"
    return Mutant(path, number, line.strip(), change, text, stated)


def of_text(path, text, operators, skipped=lambda node, parent: False):
    """Return the mutants of a Python text that these operators make."""
    source, found = _Source(text), {}
    for node in _walk(source.tree, skipped):
        for operator in operators:
            for part, code in operator(node, source):
                line = source.lines[part.lineno - 1].strip()
                change = f"{short(source.of(part))} -> {short(code)}"
                changed = source.replaced(part, code)
                found[changed] = Mutant(path, part.lineno, line, change, changed)
    return found.values()


def _walk(node, skipped):
    """Walk a tree, but not into f-strings: Python 3.11 does not know their positions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.JoinedStr) and not skipped(child, node):
            yield from _walk(child, skipped)


def short(code):
    """Write code on one line, of which only both ends are shown if it is long."""
    code = " ".join(code.split())
    return code if len(code) <= 60 else f"{code[:40]} ... {code[-15:]}"


class _Source:
    """A text, by the nodes of its syntax tree."""

    def __init__(self, text):
        self.text, self.lines, self.tree = text, lines_of(text), ast.parse(text)
        self.bytes = text.encode()  # columns of a node count bytes
        sizes = (len(line) + 1 for line in self.bytes.split(b"\n"))
        self.starts = [0, *itertools.accumulate(sizes)]

    def of(self, node):
        """Return the code of a node."""
        start, end = self._span(node)
        return self.bytes[start:end].decode()

    def replaced(self, node, code):
        """Return the whole text with other code in the place of a node."""
        start, end = self._span(node)
        return (self.bytes[:start] + code.encode() + self.bytes[end:]).decode()

    def inverted(self, node):
        """Return the code of a sum as a difference, and of a difference as a sum."""
        (start, end), (_, left), (right, _) = map(self._span, (node, node.left, node.right))
        other = b"-" if isinstance(node.op, ast.Add) else b"+"
        between = re.sub(rb"[+-]", other, self.bytes[left:right], count=1)
        return (self.bytes[start:left] + between + self.bytes[right:end]).decode()

    @cached_property
    def rates(self):
        """What is said by name to an optimizer."""
        calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        return {k for call in calls if "optim." in self.of(call.func) for k in call.keywords}

    def takes_many_steps(self, node):
        """Tell whether the function around a node, or else the file, has a loop of many steps."""
        around = self.tree
        for part in ast.walk(self.tree):
            if isinstance(part, ast.FunctionDef) and part.lineno <= node.lineno <= part.end_lineno:
                around = part
        return any(_is_many(count) for loop in ast.walk(around) for count in _times(loop))

    def _span(self, node):
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset


def _asks_for_graph(node):
    """The argument that asks for a graph, of a call that does."""
    arguments = node.keywords if isinstance(node, ast.Call) else ()
    return next((k for k in arguments if ast.unparse(k) == "create_graph=True"), None)


def _called(node):
    """The name of what is called, or ""."""
    return _name(node.func) if isinstance(node, ast.Call) else ""


def _name(node):
    """The last part of the name that a node is, or gives a value to; or ""."""
    if isinstance(node, ast.Assign):
        return _name(node.targets[0])
    return next(filter(None, (getattr(node, key, "") for key in ("id", "attr", "arg"))), "")


def _given(node, pattern):
    """The values that are given to names like this: by assignment, argument or default."""
    named = []
    if isinstance(node, (ast.keyword, ast.Assign)):
        named = [(_name(node), node.value)]
    elif isinstance(node, ast.arguments):
        defaults = zip(reversed(node.args), reversed(node.defaults), strict=False)
        named = [(argument.arg, value) for argument, value in defaults]
    return [value for name, value in named if pattern.fullmatch(name)]


def _compares(tree):
    """Tell whether numbers are compared, so that what is counted depends on them."""
    identity = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
    return any(
        (isinstance(node, ast.Compare) and not isinstance(node.ops[0], identity))
        or _called(node).endswith(("close", "equal"))
        for node in ast.walk(tree)
    )


def _times(node):
    """How often a loop runs, if that is a number."""
    times = node.iter if isinstance(node, (ast.For, ast.comprehension)) else None
    return times.args[:2][-1:] if _called(times) == "range" else []


def _is_many(node):
    return _is_number(node) and node.value >= MANY


def _is_zero(node):
    """Zero, also times something; or the rank of the one process that runs here."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        node = node.left
    return _name(node) == "rank" or (_is_number(node) and node.value == 0)


def _is_number(node):
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _doubled(nodes):
    return [(node, repr(2 * node.value or 1.0)) for node in nodes if _is_number(node)]


def _one_more(nodes):
    return [(node, repr(node.value + 1)) for node in nodes if _is_number(node)]
