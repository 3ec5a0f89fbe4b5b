"""A snippet's text -> one of its losses, as a function of its parameters."""

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
    """Raised at the derivative of a snippet that is wanted; carries the loss."""


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


class Replay:
    """A snippet that runs again and again, up to one of its losses.

    ``of`` is the number of the derivative that is taken of the loss, counted from 1, or the name
    of the variable that holds it; without it, the last derivative. ``by`` names the leaves that
    are the parameters, such as ``w net.weight``; without it, those of the last derivative.
    Raises LookupError where there is no such loss or leaf.
    """

    def __init__(self, text, of=None, by="", dtype=torch.float64):
        body = ast.parse(text).body
        if isinstance(of, str):
            body = body[: _assigned(body, of) + 1]
        self.code = [compile(ast.Module([node], []), "<snippet>", "exec") for node in body]
        self.of, self.dtype = of, dtype
        self.places = [{tuple(name.split("."))} for name in by.split()]
        if of is None or not by:
            calls, leaves = self._whole()
            self.of = of or len(calls)
            self.places = self.places or _places(calls[-1], leaves)

    def params(self):
        """The parameters, with the values that they have at the loss; complex ones as pairs."""
        leaves = self.reach()[1]
        return [torch.nn.Parameter(_real(leaf).detach().clone()) for leaf in leaves]

    def loss(self, params):
        """The loss at these parameters, as a sum; its graph leads to them as the snippet's does."""
        return self.reach(params)[0].sum()

    def gradient(self):
        """The gradient of the loss by the parameters, as the snippet gets it; 0 for a constant."""
        loss, leaves = self.reach()
        total = loss.sum() + 0 * sum(_real(leaf).sum() for leaf in leaves)
        return [_real(grad).detach() for grad in torch.autograd.grad(total, leaves)]

    def reach(self, params=None):
        """Run to the loss; return it, and the leaves that are the parameters."""
        chosen = {}
        for places, param in zip(self.places, params or [], strict=params is not None):
            chosen |= dict.fromkeys(places, param)
        variables = {}
        try:
            run(self.code, Derivatives(self.of), variables, chosen, self.dtype)
            loss = variables[self.of]
        except Reached as reached:
            loss = reached.args[0]
        except KeyError:
            raise LookupError("it goes another way when it runs again") from None
        return loss, [_get(variables, min(places)) for places in self.places]

    def _whole(self):
        watch, variables = Derivatives(), {}
        with contextlib.suppress(RuntimeError):
            run(self.code, watch, variables, {}, self.dtype)
        if not watch.calls:
            raise LookupError("nothing is differentiated by torch.autograd")
        return watch.calls, dict(_leaves(variables))


def run(code, watch, variables, chosen=None, dtype=torch.float64):
    """Run the statements; put the chosen parameters in their places as soon as these exist.

    A parameter of a layer keeps its value while the snippet still initializes the layer.
    """
    module = types.ModuleType("__main__")
    chosen = dict(chosen or {})
    with torch._C.DisableTorchFunction():  # what watches the snippet need not see this
        values = {place: param.detach().clone() for place, param in chosen.items()}
    torch.manual_seed(0)
    outer = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        with quiet(), default(dtype), watch:
            for statement in code:
                exec(statement, module.__dict__)
                for place in chosen:
                    _put(module.__dict__, place, chosen)
                    if place[1:] and not watch.calls:
                        with torch._C.DisableTorchFunction():
                            chosen[place].data = values[place].clone()
    finally:
        variables |= module.__dict__
        sys.modules["__main__"] = outer


@contextlib.contextmanager
def default(dtype):
    """Let new tensors be of this type."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@contextlib.contextmanager
def quiet():
    """Say nothing, and warn of nothing."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _assigned(body, name):
    """The number of the last statement that assigns the variable."""
    found = [
        number
        for number, statement in enumerate(body)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    if not found:
        raise LookupError(f"no statement assigns {name}")
    return found[-1]


def _places(call, leaves):
    """Where each leaf stands that this call differentiates by."""
    function, args, kwargs = call
    inputs = args[1] if len(args) > 1 and function is torch.autograd.grad else kwargs.get("inputs")
    if inputs is None:
        inputs = [leaf for leaf in leaves.values() if leaf.grad is not None]
    inputs = [inputs] if isinstance(inputs, torch.Tensor) else list(inputs)
    places = [{place for place in leaves if leaves[place] is wanted} for wanted in inputs]
    if not places or not all(places):
        raise LookupError("what it differentiates by is no leaf among its globals")
    return places


def _leaves(variables):
    """Yield (place, tensor) of each leaf among the variables and in their modules."""
    for name, value in variables.items():
        if isinstance(value, torch.Tensor) and value.is_leaf and value.requires_grad:
            yield (name,), value
        if isinstance(value, torch.nn.Module):
            for path, leaf in value.named_parameters():
                yield (name, *path.split(".")), leaf


def _get(variables, place):
    name, *path = place
    if name not in variables:
        raise LookupError(f"no variable {name}")
    return variables[name].get_parameter(".".join(path)) if path else variables[name]


def _put(variables, place, chosen):
    name, *path = place
    if name not in variables:
        return
    if path:
        owner = variables[name].get_submodule(".".join(path[:-1]))
        owner._parameters[path[-1]] = chosen[place]
        return
    if variables[name].is_complex() and not chosen[place].is_complex():
        chosen[place] = torch.view_as_complex(chosen[place])  # once: the graph leads to this one
    variables[name] = chosen[place]


def _real(tensor):
    return torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
