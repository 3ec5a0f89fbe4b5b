"""One callable at one point: can it be differentiated twice, and is the answer right?

A loss is rarely linear in what an operation returns, so the function that is differentiated is
phi(t) = sum of y + y²/2, where y = <w, f(x + t v)> entry by entry, with fixed random v and w. Its
second derivative is taken by each way of composing reverse and forward mode, and in a batched
pass, and compared with a finite difference of phi'.
"""

import math
import re
import warnings
from contextlib import suppress
from typing import NamedTuple

import torch
from torch.autograd.gradcheck import GradcheckError, gradgradcheck

#: A second derivative of the linear sum of y below this, relative to the first, is zero.
ZERO = 1e-9
#: A change above this, relative to the value, within a step is a jump.
JUMP = 1e-3
#: A gap between one-sided slopes above this, relative to the slope, may be that of a kink.
GAP = 1e-6
#: Seeds of the directions; the first, and all where gradgradcheck finds a mismatch.
DIRECTIONS = (1, 2, 3)
FINE = (torch.float64, torch.complex128)


class Precision(NamedTuple):
    """How far a finite difference steps, and up to which relative error it agrees."""

    step: float = 1e-5
    tolerance: float = 1e-4


EXACT = Precision()


def measure(function, inputs, routes=True, nondeterminism=0.0):
    """Return what is known of ``function`` at ``inputs``, tensors of float64 or complex128.

    The result has ``outcome``, one of "pass", "raises", "wrong", "first wrong", "no derivative",
    "unmeasured" and "not differentiable", and ``error``, an exact text. With ``routes``, and where
    gradgradcheck objects, it also has what each route gives.
    """

    def seeded(*inputs):
        torch.manual_seed(0)
        value = function(*inputs)
        values = value if isinstance(value, (tuple, list)) else [value]
        return tuple(map(_dense, values))

    inputs = [tensor.detach().clone().requires_grad_() for tensor in inputs]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values = seeded(*inputs)
        except Exception as error:
            return {"outcome": "unmeasured", "error": _first_line(error)}
        places = [place for place, value in enumerate(values) if _is_differentiable(value)]
        if not (inputs and places):
            return {"outcome": "not differentiable", "error": ""}
        picked, outputs = _only(seeded, places), [values[place] for place in places]
        precision = _precision(outputs)
        exact = precision is EXACT
        objection = _objection(picked, inputs, nondeterminism) if exact else "rounded"
        if not (routes or objection):
            return {"outcome": "pass", "error": ""}
        try:
            points = [Point(picked, inputs, outputs, precision, seed) for seed in DIRECTIONS]
            return _judged(points, objection)
        except Exception as error:  # No sum of squares of this layout, for instance.
            return {"outcome": "unmeasured", "error": _first_line(error)}


def _precision(outputs):
    """The precision of the coarsest output; what is rounded on the way is a staircase."""
    eps = max((torch.finfo(one.dtype).eps for one in outputs if one.dtype not in FINE), default=0)
    return Precision(0.25 if eps > 1e-4 else 1e-2, min(max(16 * eps, 1e-2), 0.2)) if eps else EXACT


def _dense(value):
    """A sparse result as a dense one, since a sum of squares is taken of it."""
    sparse = isinstance(value, torch.Tensor) and value.layout is not torch.strided
    return value.to_dense() if sparse else value


def _only(function, places):
    """The function with those of its outputs alone."""

    def picked(*inputs):
        values = function(*inputs)
        return tuple(values[place] for place in places)

    return picked


def _objection(function, inputs, nondeterminism):
    """What gradgradcheck objects to, or ""."""
    try:
        gradgradcheck(function, tuple(inputs), fast_mode=True, nondet_tol=nondeterminism)
    except GradcheckError as error:
        return f"mismatch: {_first_line(error)}"
    except Exception as error:
        return f"raises: {_first_line(error)}"
    return ""


def _judged(points, objection):
    """The outcome, from what gradgradcheck objects to and from differences along directions."""
    point, *others = points
    found, twice = point.compared()
    kind, _, said = objection.partition(": ")
    if twice.startswith("raises: "):
        outcome, error = "raises", twice.removeprefix("raises: ")
    elif twice.startswith("first wrong: "):
        outcome, error = "first wrong", twice.removeprefix("first wrong: ")
    elif twice.startswith("wrong: "):
        outcome, error = "wrong", f"{twice.removeprefix('wrong: ')}, not {point.truth():.6g}"
    elif objection and point.has_no_derivative():
        outcome, error = "no derivative", ""
    elif twice == "right" and (kind != "mismatch" or all(o.compared()[1] == twice for o in others)):
        # What gradgradcheck objects to is its own: it takes no sparse or rounded result, and the
        # rounding of a small number is large beside its step.
        outcome, error = "pass", ""
    elif kind == "mismatch":
        outcome, error = "wrong", said
    else:
        doubtful = said or "no finite difference of it can be trusted"
        outcome, error = ("unmeasured", doubtful) if objection else ("pass", "")
    return {"outcome": outcome, "error": error, **found}


def _is_differentiable(value):
    return isinstance(value, torch.Tensor) and value.requires_grad


class Point:
    """A function at a point, along a direction, with the weights of the sum that is taken."""

    def __init__(self, function, inputs, outputs, precision, seed):
        torch.manual_seed(seed)
        self.function, self.precision = function, precision
        self.base = [tensor.detach() for tensor in inputs]
        self.directions = [torch.randn_like(tensor) for tensor in self.base]
        self.weights = [_weight(output.detach()) for output in outputs]

    def linear(self, *moved):
        """The sum of y."""
        return sum(y.sum() for y in self._parts(moved))

    def phi(self, *moved):
        """The sum of y + y²/2."""
        return sum((y + y * y / 2).sum() for y in self._parts(moved))

    def _parts(self, moved):
        values = zip(self.function(*moved), self.weights, strict=True)
        return [(_wide(value) * weight.conj()).real for value, weight in values]

    def at(self, t):
        """The inputs, moved along the direction."""
        return [x + t * v for x, v in zip(self.base, self.directions, strict=True)]

    def slope(self, phi, t=0.0):
        """The derivative of phi along the direction, by one backward pass."""
        return float(_reverse(phi, self.at(t), self.directions))

    def differences(self, slope):
        """The central differences of a function of t at 0, with the step and with twice it."""
        return [(slope(h) - slope(-h)) / (2 * h) for h in (self.step, 2 * self.step)]

    @property
    def step(self):
        return self.precision.step

    @property
    def _exact(self):
        return self.precision is EXACT

    def truth(self):
        """The finite difference of phi'."""
        return self.differences(lambda t: self.slope(self.phi, t))[0]

    def compared(self):
        """Return {route: answer} with "zero" and "third", and the answer of autograd.grad twice.

        Both are empty where no finite difference can be trusted, unless that raises.
        """
        try:
            first = self.slope(self.phi)
        except Exception as error:
            return {}, f"raises: {_first_line(error)}"
        try:
            near, far = self.differences(lambda t: self.slope(self.phi, t))
            by_value, by_far = self.differences(lambda t: self.phi(*self.at(t)).item())
            straight, other = self.differences(lambda t: self.slope(self.linear, t))
        except Exception:
            return {}, self._twice()
        scale, tolerance = max(abs(near), abs(first), 1e-3), self.precision.tolerance
        steady = max(abs(near - far), abs(straight - other), abs(by_value - first))
        if not steady <= tolerance * scale:
            sure = abs(by_value - by_far) <= tolerance * scale < 0.01 * abs(by_value - first)
            wrong = f"first wrong: {first:.6g}, not {by_value:.6g}"
            return {}, wrong if sure and not self.has_no_derivative() else self._twice()
        found = {name: self._route(way, near, scale) for name, way in ROUTES.items()}
        batched = (first + self.slope(self.linear), near + straight)
        found["batched"] = self._batched(batched, max(scale, *map(abs, batched)))
        found["third"] = self._third()
        found["zero"] = self._exact and abs(straight) <= ZERO * scale and self._bends()
        return found, found["double backward"]

    def _twice(self):
        """What is raised where nothing can be compared, or ""."""
        try:
            double_backward(self.phi, self.base, self.directions)
        except Exception as error:
            return f"raises: {_first_line(error)}"
        return ""

    def _route(self, way, truth, scale):
        """ "right", "wrong: value", or "raises: text"."""
        try:
            value = float(way(self.phi, self.base, self.directions))
        except Exception as error:
            return f"raises: {_first_line(error)}"
        close = abs(value - truth) <= self.precision.tolerance * scale
        return "right" if close else f"wrong: {value:.6g}"

    def _batched(self, truths, scale):
        """The same by ``is_grads_batched``: a row for phi, a row for the linear sum, added up."""
        leaves = [x.clone().requires_grad_() for x in self.base]
        try:
            pairs = zip(self.function(*leaves), self.weights, strict=True)
            rows = [(f, _rows(f, w)) for f, w in pairs if f.requires_grad]
            outputs, stacks = zip(*rows, strict=True)
            known = {"is_grads_batched": True, "create_graph": True, "allow_unused": True}
            found = torch.autograd.grad(outputs, leaves, stacks, **known)
            pairs = zip(found, self.directions, strict=True)
            slope = sum((_wide(g).sum(0) * v.conj()).real.sum() for g, v in pairs if g is not None)
            value = float(slope)
            slope = slope + 0 * sum(x.real.sum() for x in leaves)  # An edge, and nan at infinity.
            grads = torch.autograd.grad(slope, leaves, materialize_grads=True)
            values = (value, float(_dot(grads, self.directions)))
        except Exception as error:
            return f"raises: {_first_line(error)}"
        for value, truth in zip(values, truths, strict=True):
            if not abs(value - truth) <= self.precision.tolerance * scale:
                return f"wrong: {value:.6g}, not {truth:.6g}"
        return "right"

    def _third(self):
        base, along = self.base, self.directions
        try:
            value = float(double_backward(_directional(self.phi, along), base, along))
            slope = lambda t: float(double_backward(self.phi, self.at(t), along))  # noqa: E731
            near, far = self.differences(slope)
        except Exception as error:
            return f"raises: {_first_line(error)}"
        scale, tolerance = max(abs(near), abs(value), 1e-2), 10 * self.precision.tolerance
        if not abs(near - far) <= tolerance / 3 * scale:
            return "doubtful"
        right = abs(value - near) <= tolerance * scale
        return "right" if right else f"wrong: {value:.6g}, not {near:.6g}"

    def _bends(self):
        """Tell whether the linear sum is flat here and yet no straight line."""
        with suppress(Exception):
            for far in (1.0, 3.0, 10.0):
                values = [self.linear(*self.at(t)).item() for t in (-far, 0.0, far)]
                if abs(values[0] - 2 * values[1] + values[2]) > 1e-6 * max(map(abs, values)):
                    return True
        return False

    def has_no_derivative(self):
        """Tell whether phi or phi' has a kink, a jump or a pole here, or is no number."""
        if not self._exact:  # A staircase has a kink wherever one looks.
            return False
        value = lambda t: self.phi(*self.at(t)).item()  # noqa: E731
        try:
            return _kinked(value, self.step) or _kinked(
                lambda t: self.slope(self.phi, t), self.step
            )
        except Exception:
            return False


def _kinked(function, step):
    """Tell whether one-sided slopes at 0 stay apart with a smaller step, or are not finite."""
    gaps = []
    for h in (step, step / 10):
        left, here, right = function(-h), function(0.0), function(h)
        slopes = (right - here) / h, (here - left) / h
        jump = max(abs(right - here), abs(here - left)) > JUMP * max(1.0, abs(here))
        if jump or not all(map(math.isfinite, slopes)):
            return True
        gaps.append(abs(slopes[0] - slopes[1]))
    # Where all is smooth the gap shrinks tenfold, and where rounding makes it, it grows tenfold.
    lasting = 0.5 * gaps[0] < gaps[1] < 5 * gaps[0]
    return lasting and gaps[1] > GAP * max(1.0, *map(abs, slopes))


def _weight(output):
    """Random weights, so small that y is of order one and y² does not drown it."""
    largest = _wide(output).abs().max().item() if output.numel() else 0.0
    return torch.randn_like(_wide(output)) / (max(1.0, largest) if math.isfinite(largest) else 1.0)


def _wide(tensor):
    """A tensor in double precision, whatever it was rounded to."""
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


def _rows(output, weight):
    """What is handed to a batched pass: the gradients of phi and of the linear sum."""
    y = (_wide(output) * weight.conj()).real
    return torch.stack([weight * (1 + y), weight]).to(output.dtype)


def _dot(ones, others):
    return sum((a * b.conj()).real.sum() for a, b in zip(ones, others, strict=True))


def _reverse(function, point, directions):
    leaves = [x.detach().requires_grad_() if x.is_leaf else x for x in point]
    grads = torch.autograd.grad(function(*leaves), leaves, materialize_grads=True)
    return _dot(grads, directions)


def _directional(function, directions):
    """phi -> t-derivative along the directions, by reverse mode and differentiable again."""

    def derivative(*moved):
        moved = [x if x.requires_grad else x.detach().requires_grad_() for x in moved]
        value = function(*moved)
        nothing = 0 * sum(x.real.sum() for x in moved)
        if not value.requires_grad:
            return nothing
        grads = torch.autograd.grad(value, moved, create_graph=True, materialize_grads=True)
        return _dot(grads, directions) + nothing

    return derivative


def _slope(phi, directions):
    """The same derivative by torch.func."""
    places = tuple(range(len(directions)))
    return lambda *moved: _dot(torch.func.grad(phi, places)(*moved), directions)


def _forward(phi, directions):
    """The same derivative by forward mode."""
    return lambda *moved: torch.func.jvp(phi, tuple(moved), tuple(directions))[1]


def double_backward(phi, base, directions):
    return _reverse(_directional(phi, directions), base, directions)


def _over(outer, inner):
    """The derivative of the derivative, each in its way."""
    return lambda phi, base, directions: outer(inner(phi, directions), directions)(*base)


ROUTES = {
    "double backward": double_backward,
    "grad(grad)": _over(_slope, _slope),
    "forward over reverse": _over(_forward, _slope),
    "reverse over forward": _over(_slope, _forward),
    "forward over forward": _over(_forward, _forward),
}


def _first_line(error):
    """The first line of a message, without addresses and lines of PyTorch's own source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = re.sub(r"0x[0-9a-f]+", "0x…", lines[0] if lines else type(error).__name__)
    return re.sub(r"\s+", " ", text)[:300]
