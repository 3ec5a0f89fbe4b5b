"""One callable at one point: can it be differentiated twice, and is the answer right?

The second derivative is taken of phi(t) = <w, f(x + t v)> with fixed random v and w, by each way
of composing reverse and forward mode, and compared with a finite difference of phi'.
"""

import re
import warnings

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
    function = _seeded(function)
    inputs = [tensor.detach().clone().requires_grad_() for tensor in inputs]
    found = _differentiable_twice(function, inputs, nondeterminism)
    if routes and found["outcome"] != "not differentiable":
        found |= _routes(function, inputs)
    return found


def _seeded(function):
    def seeded(*inputs):
        torch.manual_seed(0)
        return function(*inputs)

    return seeded


def _differentiable_twice(function, inputs, nondeterminism):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outputs = _outputs(function(*inputs))
            if not inputs or not any(output.requires_grad for output in outputs):
                return {"outcome": "not differentiable", "error": ""}
            gradgradcheck(
                lambda *moved: tuple(_outputs(function(*moved))),
                tuple(inputs),
                fast_mode=True,
                nondet_tol=nondeterminism,
            )
    except GradcheckError as error:
        return {"outcome": "mismatch", "error": _first_line(error)}
    except (RuntimeError, NotImplementedError, ValueError, IndexError, TypeError) as error:
        return {"outcome": "raises", "error": _first_line(error)}
    return {"outcome": "pass", "error": ""}


def _outputs(value):
    """The differentiable tensors among what a function returned."""
    values = value if isinstance(value, (tuple, list)) else [value]
    return [
        item
        for item in values
        if isinstance(item, torch.Tensor) and (item.is_floating_point() or item.is_complex())
    ]


def _routes(function, inputs):
    torch.manual_seed(1)
    directions = [torch.randn_like(tensor) for tensor in inputs]
    base = [tensor.detach() for tensor in inputs]
    try:
        shapes = _outputs(function(*base))
        weights = [torch.randn_like(output) for output in shapes]
    except Exception:
        return {}

    def phi(*moved):
        pairs = zip(_outputs(function(*moved)), weights, strict=True)
        return sum((output * weight.conj()).real.sum() for output, weight in pairs)

    def at(t):
        return [x + t * v for x, v in zip(base, directions, strict=True)]

    try:
        first = _slope(phi, base, directions)
        near, far = (
            (_slope(phi, at(h), directions) - _slope(phi, at(-h), directions)) / (2 * h)
            for h in (STEP, 2 * STEP)
        )
        by_value = (phi(*at(STEP)) - phi(*at(-STEP))).item() / (2 * STEP)
    except Exception:
        return {}
    scale = max(abs(near), abs(first), 1e-3)
    if not abs(near - far) <= 1e-3 * scale or not abs(by_value - first) <= 1e-3 * scale:
        return {"doubtful": True}
    found = {"first": first, "difference": near}
    for name, route in ROUTES.items():
        found[name] = _compare(route, phi, base, directions, near, scale)
    found["third"] = _third(phi, base, directions, at)
    found["zero"] = abs(near) <= ZERO * scale and _bends(phi, base, directions)
    return found


def _compare(route, phi, base, directions, truth, scale):
    """ "right", "wrong: value", or "raises: text"."""
    try:
        value = float(route(phi, base, directions))
    except Exception as error:
        return f"raises: {_first_line(error)}"
    return "right" if abs(value - truth) <= TOLERANCE * scale else f"wrong: {value:.6g}"


def _third(phi, base, directions, at):
    try:
        value = float(
            _reverse(_directional(_directional(phi, directions), directions), base, directions)
        )
        near, far = (
            (
                float(double_backward(phi, at(h), directions))
                - float(double_backward(phi, at(-h), directions))
            )
            / (2 * h)
            for h in (STEP, 2 * STEP)
        )
    except Exception as error:
        return f"raises: {_first_line(error)}"
    scale = max(abs(near), abs(value), 1e-2)
    if not abs(near - far) <= 1e-3 * scale:
        return "doubtful"
    return "right" if abs(value - near) <= 1e-3 * scale else f"wrong: {value:.6g}, not {near:.6g}"


def _bends(phi, base, directions):
    """Tell whether phi is flat here and yet no straight line."""
    try:
        for far in (1.0, 3.0, 10.0):
            values = [
                phi(*[x + t * v for x, v in zip(base, directions, strict=True)]).item()
                for t in (-far, 0.0, far)
            ]
            if abs(values[0] - 2 * values[1] + values[2]) > 1e-6 * max(map(abs, values), default=1):
                return True
    except Exception:
        return False
    return False


def _slope(phi, point, directions):
    return float(_reverse(phi, point, directions))


def _reverse(function, point, directions, create_graph=False):
    leaves = [x.detach().requires_grad_() if x.is_leaf else x for x in point]
    grads = torch.autograd.grad(
        function(*leaves), leaves, create_graph=create_graph, materialize_grads=True
    )
    return sum((g * v.conj()).real.sum() for g, v in zip(grads, directions, strict=True))


def _directional(function, directions):
    """phi -> t-derivative along the directions, by reverse mode and differentiable again."""

    def derivative(*moved):
        moved = [x if x.requires_grad else x.detach().requires_grad_() for x in moved]
        value = function(*moved)
        if not value.requires_grad:
            return 0 * sum(x.real.sum() for x in moved)
        grads = torch.autograd.grad(value, moved, create_graph=True, materialize_grads=True)
        slope = sum((g * v.conj()).real.sum() for g, v in zip(grads, directions, strict=True))
        return slope + 0 * sum(x.real.sum() for x in moved)

    return derivative


def double_backward(phi, base, directions):
    return _reverse(_directional(phi, directions), base, directions)


def functional(phi, base, directions):
    """grad of grad by torch.func."""
    places = tuple(range(len(base)))

    def slope(*moved):
        grads = torch.func.grad(phi, places)(*moved)
        return sum((g * v.conj()).real.sum() for g, v in zip(grads, directions, strict=True))

    grads = torch.func.grad(slope, places)(*base)
    return sum((g * v.conj()).real.sum() for g, v in zip(grads, directions, strict=True))


def forward_over_reverse(phi, base, directions):
    """What torch.func.hessian does."""
    places = tuple(range(len(base)))

    def slope(*moved):
        grads = torch.func.grad(phi, places)(*moved)
        return sum((g * v.conj()).real.sum() for g, v in zip(grads, directions, strict=True))

    return torch.func.jvp(slope, tuple(base), tuple(directions))[1]


def reverse_over_forward(phi, base, directions):
    places = tuple(range(len(base)))
    grads = torch.func.grad(_forward(phi, directions), places)(*base)
    return sum((g * v.conj()).real.sum() for g, v in zip(grads, directions, strict=True))


def forward_over_forward(phi, base, directions):
    return torch.func.jvp(_forward(phi, directions), tuple(base), tuple(directions))[1]


def _forward(phi, directions):
    return lambda *moved: torch.func.jvp(phi, tuple(moved), tuple(directions))[1]


ROUTES = {
    "double backward": double_backward,
    "grad(grad)": functional,
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
    "forward over forward": forward_over_forward,
}


def _first_line(error):
    """The first line of a message, without addresses and lines of PyTorch's own source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = re.sub(r"0x[0-9a-f]+", "0x…", lines[0] if lines else type(error).__name__)
    return re.sub(r"\s+", " ", text)[:300]
