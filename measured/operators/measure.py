"""One callable at one point: can it be differentiated twice, and is the answer right?

The second derivative is taken of phi(t) = <w, f(x + t v)> with fixed random v and w, by each way
of composing reverse and forward mode, and compared with a finite difference of phi'.
"""

import re
import warnings
from contextlib import suppress

import torch
from torch.autograd.gradcheck import GradcheckError, gradgradcheck

#: Relative error up to which a derivative agrees with the finite difference, in float64.
TOLERANCE = 1e-4
STEP = 1e-5
#: A second derivative below this, relative to the first, is zero.
ZERO = 1e-9


def measure(function, inputs, routes=True, nondeterminism=0.0):
    """Return what is known of ``function`` at ``inputs``, tensors of float64 or complex128.

    The result has ``outcome``, one of "pass", "raises", "mismatch", "not differentiable", and
    ``error``, an exact text; with ``routes``, also what each route gives.
    """

    def seeded(*inputs):
        torch.manual_seed(0)
        value = function(*inputs)
        values = value if isinstance(value, (tuple, list)) else [value]
        return tuple(one for one in values if _is_differentiable(one))

    inputs = [tensor.detach().clone().requires_grad_() for tensor in inputs]
    outcome, error = _differentiable_twice(seeded, inputs, nondeterminism)
    known = _routes(seeded, inputs) if routes and outcome != "not differentiable" else {}
    return {"outcome": outcome, "error": error, **known}


def _differentiable_twice(function, inputs, nondeterminism):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not inputs or not any(output.requires_grad for output in function(*inputs)):
                return "not differentiable", ""
            gradgradcheck(function, tuple(inputs), fast_mode=True, nondet_tol=nondeterminism)
    except GradcheckError as error:
        return "mismatch", _first_line(error)
    except (RuntimeError, NotImplementedError, ValueError, IndexError, TypeError) as error:
        return "raises", _first_line(error)
    return "pass", ""


def _is_differentiable(value):
    return isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex())


def _routes(function, inputs):
    torch.manual_seed(1)
    directions = [torch.randn_like(tensor) for tensor in inputs]
    base = [tensor.detach() for tensor in inputs]

    def phi(*moved):
        return _dot(function(*moved), weights)

    def at(t):
        return [x + t * v for x, v in zip(base, directions, strict=True)]

    try:
        weights = [torch.randn_like(output) for output in function(*base)]
        first = float(_reverse(phi, base, directions))
        near, far = _differences(lambda t: _reverse(phi, at(t), directions))
        by_value = (phi(*at(STEP)) - phi(*at(-STEP))).item() / (2 * STEP)
    except Exception:
        return {}
    scale = max(abs(near), abs(first), 1e-3)
    if not (abs(near - far) <= 1e-3 * scale and abs(by_value - first) <= 1e-3 * scale):
        return {}
    found = {
        name: _compare(route, phi, base, directions, near, scale) for name, route in ROUTES.items()
    }
    flat = abs(near) <= ZERO * scale and _bends(phi, at)
    return {**found, "third": _third(phi, base, directions, at), "zero": flat}


def _differences(function):
    """The central differences of a function at 0, with the step and with twice the step."""
    return [(float(function(h)) - float(function(-h))) / (2 * h) for h in (STEP, 2 * STEP)]


def _compare(route, phi, base, directions, truth, scale):
    """ "right", "wrong: value", or "raises: text"."""
    try:
        value = float(route(phi, base, directions))
    except Exception as error:
        return f"raises: {_first_line(error)}"
    return "right" if abs(value - truth) <= TOLERANCE * scale else f"wrong: {value:.6g}"


def _third(phi, base, directions, at):
    try:
        value = float(double_backward(_directional(phi, directions), base, directions))
        near, far = _differences(lambda t: double_backward(phi, at(t), directions))
    except Exception as error:
        return f"raises: {_first_line(error)}"
    scale = max(abs(near), abs(value), 1e-2)
    if not abs(near - far) <= 1e-3 * scale:
        return "doubtful"
    return "right" if abs(value - near) <= 1e-3 * scale else f"wrong: {value:.6g}, not {near:.6g}"


def _bends(phi, at):
    """Tell whether phi is flat here and yet no straight line."""
    with suppress(Exception):
        for far in (1.0, 3.0, 10.0):
            values = [phi(*at(t)).item() for t in (-far, 0.0, far)]
            if abs(values[0] - 2 * values[1] + values[2]) > 1e-6 * max(map(abs, values)):
                return True
    return False


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
