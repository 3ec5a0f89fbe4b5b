"""Judge a library's second derivative by differences; runs beside it, and needs only PyTorch.

A program calls ``twice`` or ``once`` for each call of the library, and each prints a line of JSON.
What is differentiated is made nonlinear first, since a linear loss hides what a backward drops.
"""

import json
from collections.abc import Callable, Iterable
from functools import partial

import torch

from measured.libraries import ALONE, FOLDER, RIGHT

#: Coordinates of each tensor that are compared, evenly spread.
COORDINATES = 12
STEP = 1e-4
#: Below this size of the truth, an error is absolute; float64 and the step leave about 1e-8.
FLOOR = 1e-3

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def twice(name: str, function: Callable, tensors: Iterable, step: float = STEP) -> None:
    """Judge the second derivative of ``function()`` with respect to these leaves, all of them.

    The first derivative is compared with a difference of the function, and the second with a
    difference of the first. ``function`` takes nothing, and must give the same each time.
    """
    tensors = list(tensors)

    def scalar(create_graph=True):
        gradients = _gradients(partial(_mixed, function), tensors, create_graph)
        return _sum(g for g in gradients if g is not None)

    first = _compared(lambda: _mixed(function), tensors, step)
    if "raises" in first or max(one["error"] for one in first["tensors"]) > RIGHT:
        return _say(name, first | {"order": 1})
    return _say(name, _compared(scalar, tensors, step) | {"order": 2})


def once(name: str, function: Callable, tensors: Iterable, step: float = STEP) -> None:
    """Judge the derivative of ``function()``, in which the library has differentiated once."""
    _say(name, _compared(lambda: _mixed(function), list(tensors), step) | {"order": 2})


def same(name: str, got: Callable, truth: Callable) -> None:
    """Judge a second derivative that the library computes itself: a product, a trace, a penalty."""
    try:
        value = torch.as_tensor(got()).detach().double()
    except Exception as error:
        return _say(name, {"raises": message(error), "order": 2})
    return _say(name, {"tensors": [_difference("", value, truth())], "order": 2})


def hvp(gradient: Callable, tensors: Iterable, vector: Iterable, step: float = STEP) -> list:
    """Return the Hessian times a vector, as a difference of ``gradient()``, which is a list."""
    tensors, vector = list(tensors), list(vector)

    def at(sign):
        for tensor, part in zip(tensors, vector, strict=True):
            tensor.data += sign * step * part
        found = [part.detach().clone() for part in gradient()]
        for tensor, part in zip(tensors, vector, strict=True):
            tensor.data -= sign * step * part
        return found

    return [(up - down) / (2 * step) for up, down in zip(at(1), at(-1), strict=True)]


def message(error: Exception) -> str:
    """An exception as its last line in a traceback, without paths of this machine."""
    text = " ".join(str(error).split())
    return FOLDER.sub("", f"{type(error).__name__}: {text}".strip(": "))


def _compared(function, tensors, step):
    """Compare autograd's derivative of a scalar function with central differences."""
    try:
        gradients = _gradients(function, tensors)
    except Exception as error:
        said = {"raises": message(error)}
        # What has no graph raises alone, and is a constant beside anything that has one.
        return _compared(_beside(function, tensors), tensors, step) | said if _alone(said) else said
    found, raised = [], {}
    if any(gradient is None for gradient in gradients):
        # What ``grad`` with ``allow_unused`` leaves out may raise where a loss is trained on.
        try:
            function().backward()
        except Exception as error:
            raised = {"raises": message(error)}
    for index, (tensor, gradient) in enumerate(zip(tensors, gradients, strict=True)):
        flat = tensor.data.view(-1)
        places = sorted({int(p) for p in torch.linspace(0, len(flat) - 1, COORDINATES).round()})
        truth = torch.tensor([_slope(function, flat, place, step) for place in places])
        got = torch.zeros(len(places)) if gradient is None else gradient.reshape(-1)[places]
        shape = " x ".join(map(str, tensor.shape)) or "a number"
        found.append(_difference(f"{index + 1} ({shape})", got.detach().double(), truth))
    return {**raised, "tensors": found}


def _alone(found):
    return ALONE in found.get("raises", "")


def _beside(function, tensors):
    return lambda: function() + sum((tensor**2).sum() for tensor in tensors)


def _slope(function, flat, place, step):
    """The central difference of a function along one coordinate of a leaf, in place."""
    before, values = flat[place].item(), []
    for sign in (1, -1):
        flat[place] = before + sign * step
        values.append(float(function().detach()))
    flat[place] = before
    return (values[0] - values[1]) / (2 * step)


def _gradients(function, tensors, create_graph=False):
    for tensor in tensors:
        tensor.requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(
            function(), tensors, create_graph=create_graph, allow_unused=True
        )


def _mixed(function):
    """A nonlinear scalar of what a function returns: a tensor, or several."""
    outputs = function()
    return _sum([outputs] if isinstance(outputs, torch.Tensor) else outputs)


def _sum(outputs):
    total = 0
    for output in outputs:
        flat = output.reshape(-1).double()
        weights = torch.cos(torch.arange(1, len(flat) + 1, dtype=torch.float64))
        total = total + weights @ torch.sin(flat)
    return total


def _difference(name, got, truth):
    got, truth = got.reshape(-1), torch.as_tensor(truth).detach().double().reshape(-1)
    size, error = truth.abs().max().item(), (got - truth).abs().max().item()
    error = error / max(size, FLOOR) if error == error else float("inf")
    rounded = [float(f"{value:.3g}") for value in (got.abs().max().item(), size, error)]
    return dict(zip(("name", "got", "truth", "error"), (name, *rounded), strict=True))


def _say(name, found):
    print(json.dumps({"call": name, **found}), flush=True)
