"""Ways to put a snippet to the checker where it cannot be replayed just as it is.

Each returns an adapter: a function of the wrong snippet's or its right one's name, and of the
right one's, that returns (loss_fn, params). What is computed wrong is always what the snippet
itself computes. The function that it should be the derivative of is the right snippet's, or, where
that has none, is written down in ``adapters.py``.
"""

import ast
import re
from pathlib import Path

import torch
from torch.overrides import _pop_mode_temporarily

from measured.checker.replay import Derivatives, Replay, default, quiet, run

SNIPPETS = Path(__file__).resolve().parents[2] / "snippets"


def text_of(name):
    return (SNIPPETS / name).read_text(encoding="utf-8")


def named(of=None, by=""):
    """The snippet's own loss, up to the derivative or the variable that is named."""

    def adapter(name, right):
        replay = Replay(text_of(name), of, by)
        params = replay.params()
        return lambda: replay.loss(params), params

    adapter.how = "loss named"
    return adapter


def gradient(of=None, right_of=None, by="", number=None, dtype=torch.float64):
    """The gradient that the snippet takes, as the gradient of the right snippet's loss.

    ``number(variables)`` finds it where it is not what autograd makes of the snippet's loss alone.
    """

    def adapter(name, right):
        own = Replay(text_of(name), of, by, dtype)
        truth = Replay(text_of(right), right_of or of, by)
        params = [torch.nn.Parameter(param.detach().double()) for param in own.params()]
        found = [number(variables(name, dtype))] if number else own.gradient()
        return claim(lambda *params: truth.loss(params), lambda *_: found, params), params

    adapter.how = "claimed"
    return adapter


def claimed(start, function, number, dtype=torch.float64):
    """What the snippet computed, as the derivative of a function.

    ``start`` is what it is the derivative by: a variable's name, or a value, or a function of the
    right snippet's variables. ``function(variables, start)`` gets these, too. ``number`` is the
    name of the variable that holds the derivative, or a function of the snippet's variables.
    """

    def adapter(name, right):
        truth = variables(right)
        value = start(truth) if callable(start) else start
        value = truth[start] if isinstance(start, str) else value
        params = [torch.nn.Parameter(value.detach().double().clone())]  # not the constant itself
        own = variables(name, dtype)
        with default(dtype):
            found = torch.as_tensor(number(own) if callable(number) else own[number])
        found = found.detach().double().reshape(params[0].shape)
        return claim(lambda param: function(truth, param), lambda _: [found], params), params

    adapter.how = "claimed"
    return adapter


def variables(name, dtype=torch.float64):
    """The snippet's variables after it ran; ``printed`` is the result in its last stated line.

    What needs several processes is not run again: the build asserts what it prints.
    """
    text, found = text_of(name), {}
    stated = re.findall(r"^#> .*: (\[.*\])$", text, re.MULTILINE)
    if "torch.multiprocessing" in text:
        return {"printed": ast.literal_eval(stated[-1])}
    run([compile(text, "<snippet>", "exec")], Derivatives(), found, dtype=dtype)
    return found


def claim(function, gradient, params):
    """The page's ``claim``; the checker does not see what happens inside the function."""
    namespace = {}
    exec(text_of("guides/checker/claim.py").partition("\n\nx = ")[0], namespace)

    def unseen(*params):
        with _pop_mode_temporarily(), default(torch.float64), quiet():
            return function(*params)

    return namespace["claim"](unseen, gradient, params)


def hessian(f, x):
    """A function of a matrix; its gradient at zero is the Hessian of f at x."""
    x = x.detach().double()

    def moved(shift):
        return sum(torch.func.grad(f)(x + row)[i] for i, row in enumerate(shift))

    return moved


def laplacian(f, x):
    """A function of a number; its derivative at zero is the Laplacian of f at x."""
    return lambda shift: hessian(f, x)(shift * torch.eye(len(x), dtype=torch.float64))
