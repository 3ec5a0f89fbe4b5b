"""A snippet's text -> the loss that it differentiates last, as a function of its parameters."""

import ast
import contextlib
import io
import sys
import types
import warnings

import torch
from torch.overrides import TorchFunctionMode

DERIVATIVES = (torch.autograd.grad, torch.Tensor.backward, torch.autograd.backward)


class Reached(BaseException):
    """Raised at the last derivative of a snippet; carries the loss."""


class Derivatives(TorchFunctionMode):
    """Records the calls that differentiate; stops at the one of this number."""

    def __init__(self, stop=None):
        super().__init__()
        self.calls, self.stop = [], stop

    def __torch_function__(self, function, kinds, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function in DERIVATIVES:
            self.calls.append((function, args, kwargs))
            if len(self.calls) == self.stop:
                loss = args[0] if args else kwargs["outputs"]
                raise Reached(loss if isinstance(loss, torch.Tensor) else loss[0])
        return function(*args, **kwargs)


def replay(text):
    """Return (loss_fn, params) of a snippet, in float64.

    Raises LookupError where its last derivative is not by leaves among its global variables.
    """
    code = [compile(ast.Module([node], []), "<snippet>", "exec") for node in ast.parse(text).body]
    watch = Derivatives()
    with contextlib.suppress(RuntimeError):
        found = _run(code, watch)
    if not watch.calls:
        raise LookupError("nothing is differentiated by torch.autograd")
    function, args, kwargs = watch.calls[-1]
    inputs = args[1] if len(args) > 1 and function is torch.autograd.grad else kwargs.get("inputs")
    leaves = dict(_leaves(found))
    if inputs is None:
        inputs = [leaf for leaf in leaves.values() if leaf.grad is not None]
    inputs = [inputs] if isinstance(inputs, torch.Tensor) else list(inputs)
    places = [[place for place in leaves if leaves[place] is wanted] for wanted in inputs]
    if not places or not all(places):
        raise LookupError("what it differentiates by is no leaf among its globals")
    params = [torch.nn.Parameter(wanted.detach().clone()) for wanted in inputs]
    chosen = {place: param for all_, param in zip(places, params, strict=True) for place in all_}

    def loss_fn():
        try:
            _run(code, Derivatives(len(watch.calls)), chosen)
        except Reached as reached:
            return reached.args[0].sum()
        raise LookupError("it goes another way when it runs again")

    return loss_fn, params


def _run(code, watch, chosen=None):
    """Run the statements; put the chosen parameters in their places as soon as these exist."""
    module = types.ModuleType("__main__")
    variables, before = module.__dict__, torch.get_default_dtype()
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    outer = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), watch:
            warnings.simplefilter("ignore")
            for statement in code:
                exec(statement, variables)
                for (name, *path), param in (chosen or {}).items():
                    _put(variables, name, path, param)
    finally:
        torch.set_default_dtype(before)
        sys.modules["__main__"] = outer
    return variables


def _leaves(variables):
    """Yield (place, tensor) of each leaf among the variables and in their modules."""
    for name, value in variables.items():
        if isinstance(value, torch.Tensor) and value.is_leaf and value.requires_grad:
            yield (name,), value
        if isinstance(value, torch.nn.Module):
            for path, leaf in value.named_parameters():
                yield (name, *path.split(".")), leaf


def _put(variables, name, path, param):
    if name not in variables:
        return
    if not path:
        variables[name] = param
    else:
        owner = variables[name].get_submodule(".".join(path[:-1]))
        owner._parameters[path[-1]] = param
