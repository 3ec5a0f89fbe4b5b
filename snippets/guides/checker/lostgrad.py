# --8<-- [start:use]
"""Find where a training loss loses its gradient, with nothing but PyTorch.

    from lostgrad import check

    print(check(loss_fn, net.parameters()))      # in a script or a notebook
    assert check(loss_fn, net.parameters()).ok   # in a test suite

    python lostgrad.py train.py:loss_fn          # exit status 0, 1 or 2

loss_fn takes no arguments. It returns the loss and nothing that is logged, or
is a training step that calls backward(). What it changes is put back. A stop on
purpose is declared by the comment "# stop: intended" on its line, by
intended=["train.py:52"], or by "with intended():" around it.
"""
# --8<-- [end:use]

# Two questions that do not share a mistake.  Where does the gradient stop, and does it matter?
# Each place where PyTorch stops a gradient gets a gate; the gates are opened one at a time, all,
# and all but one, and what comes through is the effect: no step size, any dtype.  Is the gradient
# the derivative of the loss?  Slopes are compared with extrapolated differences, in float64 where
# the code allows, for the loss, each term, each summand and each inner gradient separately.

from __future__ import annotations

import argparse
import collections
import contextlib
import copy
import dataclasses
import functools
import importlib.util
import inspect
import io
import itertools
import linecache
import math
import os
import random
import sys
import sysconfig
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import torch
import torch.nn.functional as F
import torch.utils.checkpoint
from torch.overrides import TorchFunctionMode, handle_torch_function
from torch.utils._pytree import tree_flatten, tree_map

Tensor = torch.Tensor
HERE = os.path.abspath(__file__)
TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
LIBRARIES = tuple(
    {os.path.abspath(sysconfig.get_path(n)) + os.sep for n in ("stdlib", "purelib", "platlib")}
)
DECLARED, COPY = "# stop: intended", "copy.deepcopy"
BACKWARD, GRAD = "backward() without create_graph", "autograd.grad without create_graph"
QUIET = ("library", BACKWARD)  # told only where they matter: each training step ends in one


def _words(text: str) -> list[str]:
    return text.split()


def _of_torch(names: str) -> tuple[str, ...]:
    return tuple(TORCH + name.replace("/", os.sep) for name in _words(names))


# Parts of PyTorch that stop gradients of their own, by design: they are held fixed, not judged.
BY_DESIGN = _of_torch(
    "nn/utils/parametrizations.py nn/utils/spectral_norm.py nn/parallel/ distributed/ optim/ amp/ "
    "utils/checkpoint.py utils/data/ _functorch/ func/ _dynamo/ nn/init.py"
)
# Files of PyTorch that only hand a call on: naming them would tell the reader nothing.
PLAIN = _of_torch(
    "_tensor.py autograd/grad_mode.py autograd/__init__.py autograd/graph.py utils/_contextlib.py "
    "overrides.py nn/modules/module.py"
)


# ---------------------------------------------------------------------------------------------
# What is found


@dataclasses.dataclass(frozen=True)
class Place:
    """A line of the reader's code; ``inside`` is the library file that it called, if any."""

    file: str
    line: int
    column: int = 0
    inside: str = ""

    def __str__(self) -> str:
        script = getattr(sys.modules["__main__"], "__file__", None) or "."
        folders = (os.getcwd(), os.path.dirname(os.path.abspath(script)))
        paths = [self.file]
        if os.path.isabs(self.file):
            with contextlib.suppress(ValueError):  # another drive of Windows
                paths += [os.path.relpath(self.file, folder) for folder in folders]
        inside = [p for p in paths if not p.startswith("..")]
        return f"{min(inside, key=len)}:{self.line}"


@dataclasses.dataclass
class Stop:
    """A place where PyTorch stops a gradient.

    ``effect`` is how much the gradient of the loss changes once it is let through, relative to
    the gradient as it is: 0.0 where it changes nothing, ``inf`` where there is no gradient
    without it, None where the size is not known, ``nan`` where letting it through gives nan.
    ``acquitted`` tells that differences show the gradient to be right without it.
    ``matters`` is True where there is an effect, None where the loss raised first. ``blocked``
    says why it could not be let through and was judged by changing its value instead.
    """

    place: Place
    kind: str
    calls: int = 0
    effect: float | None = 0.0
    matters: bool | None = False
    intended: bool = False
    blocked: str = ""
    acquitted: bool = False

    def __str__(self) -> str:
        inside = f" (in {self.place.inside})" if self.place.inside else ""
        named = f"{self.place}: {self.kind}{inside}"
        if self.acquitted:
            return f"{named}: differences say that the gradient is right without it"
        if not self.matters:
            why = f" ({self.blocked})" if self.blocked else ""
            return f"{named}: {'changes nothing' if self.matters is False else 'not judged' + why}"
        purpose = ", on purpose" if self.intended else ""
        return f"{named}{purpose}\n    {self._effect()}"

    def _effect(self) -> str:
        if self.effect is None:
            return f"its values reach the loss, their gradient does not\n    ({self.blocked})"
        if math.isnan(self.effect):
            return "let through, it makes the gradient of the loss nan"
        if math.isinf(self.effect):
            return "without it the loss has no gradient at all"
        large = self.effect >= 10
        size = f"a factor of {self.effect:.2g}" if large else _percent(self.effect)
        why = f"\n    ({self.blocked})" if self.blocked else ""
        return f"let through, it changes the gradient of the loss by {size}{why}"


@dataclasses.dataclass
class Slope:
    """One comparison of a slope: what autograd says and what differences say, with its error."""

    name: str
    autograd: float
    difference: float
    error: float
    scale: float
    ok: bool | None
    why: str = ""

    def __str__(self) -> str:
        verdict = {True: "right", False: "WRONG", None: "unsure"}[self.ok]
        off = abs(self.autograd - self.difference) / self.scale if self.scale else 0.0
        told = f"autograd {self.autograd:.4g}, differences {self.difference:.4g}"
        told += f", off by {_percent(off)}" if math.isfinite(off) else ""
        why = f"\n    ({self.why})" if self.why and not self.ok else ""
        return f"{self.name}: {verdict}\n    {told}{why}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 1 else f"{100 * share:.0f} %"


@dataclasses.dataclass(repr=False)
class Report:
    """What ``check`` found: ``ok`` is True, False, or None where it cannot say."""

    ok: bool | None
    stops: list[Stop]
    slopes: list[Slope]
    notes: list[str]

    def __bool__(self) -> bool:
        return self.ok is True

    def __repr__(self) -> str:  # what a notebook shows, and a failed assertion
        lines = ["lostgrad: " + {True: "right", False: "WRONG", None: "unsure"}[self.ok]]
        shown = sorted(self.stops, key=lambda s: (s.intended or not s.matters, s.intended))
        lines += [f"  {s}" for s in shown if s.matters or s.blocked or s.kind not in QUIET]
        lines += [f"  {slope}" for slope in self.slopes if slope.ok is not True]
        if right := [s for s in self.slopes if s.ok]:
            worst = max(s.error / s.scale if s.scale else 0.0 for s in right)
            known = next((share for share in (1e-6, 1e-4) if worst <= share), 1e-2)
            count = f"{len(right)} slope{'s agree' if len(right) > 1 else ' agrees'}"
            lines.append(f"  {count} with differences, to {known:.0e} or better")
        return "\n".join(lines + [f"  {note}" for note in self.notes])


# ---------------------------------------------------------------------------------------------
# Where a call comes from


@functools.cache
def _is_library(file: str) -> bool:
    path = os.path.abspath(file)
    known = path == HERE or path.startswith((TORCH, *LIBRARIES)) or file.startswith("<frozen")
    return known or not {"site-packages", "dist-packages"}.isdisjoint(path.split(os.sep))


def _place() -> tuple[Place, bool]:
    """The reader's line that is running, and whether a part of PyTorch stops there by design."""
    frame, inside, design = sys._getframe(2), "", False
    last = frame
    while frame is not None:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        if function != "__torch_function__":
            if not _is_library(file):
                return Place(file, frame.f_lineno, _column(frame), inside), (
                    design or _in_function(frame)
                )
            if os.path.abspath(file) != HERE:
                last, design = frame, design or file.startswith(BY_DESIGN)
                inside = COPY if function == "__deepcopy__" else inside or _short(file)
        frame = frame.f_back
    return Place(last.f_code.co_filename, last.f_lineno, 0, inside), design


def _in_function(frame: types.FrameType | None) -> bool:
    """Whether this is inside a custom function, whose backward pass gives the gradient."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "apply" and code.co_filename.endswith(f"autograd{os.sep}function.py"):
            return True
        frame = frame.f_back
    return False


def _short(file: str) -> str:
    if file.startswith((*PLAIN, "<frozen")):
        return ""
    roots = (os.path.dirname(TORCH.rstrip(os.sep)) + os.sep, *LIBRARIES)
    root = next((root for root in roots if file.startswith(root)), "")
    return file[len(root) :].replace("site-packages" + os.sep, "")


def _column(frame: types.FrameType) -> int:
    """Where on its line the call stands, which Python tells from 3.11 on."""
    positions = getattr(frame.f_code, "co_positions", lambda: iter(()))()
    found = next(itertools.islice(positions, frame.f_lasti // 2, None), None)
    return (found[2] or 0) if found else 0


# ---------------------------------------------------------------------------------------------
# What the loss can reach, so that it can be put back


CONTAINERS = (Mapping, list, tuple, set, frozenset, collections.deque)
# What is passed through on the way: it is the reader's if what holds it is.
PASSING = (*CONTAINERS, types.FunctionType, types.MethodType, functools.partial)
Holder = tuple  # (how to read what a place holds, how to put that back)


class Reach:
    """Tensors, modules, optimizers and generators that a function can reach, and what holds them.

    It follows closures, defaults, the globals that the code names, bound objects, containers and
    attributes, not the insides of libraries, the attributes of classes, and slots.
    """

    def __init__(self, *roots: Any) -> None:
        self.tensors: dict[int, Tensor] = {}
        self.modules: dict[int, torch.nn.Module] = {}
        self.keepers: dict[int, Any] = {}  # schedulers and scalers: objects with a state of theirs
        self.holders: list[Holder] = []
        self._seen: dict[int, Any] = {}
        todo = [(root, True) for root in roots]
        while todo:
            value, own = todo.pop()
            if id(value) not in self._seen and len(self._seen) < 200_000:
                self._seen[id(value)] = value
                if hasattr(value, "__dict__") and not isinstance(value, PASSING):
                    own = isinstance(value, torch.nn.Module) or _is_own(value)
                todo += [(inner, own) for inner in self._look(value, own)]

    def _look(self, value: Any, own: bool) -> Iterable[Any]:
        if isinstance(value, Tensor):
            self.tensors[id(value)] = value
        elif (holder := _stateful(value)) is not None:
            self.holders.append(holder)
        elif isinstance(value, torch.nn.Module):
            self.modules |= {id(m): m for m in value.modules()}
            yield from (*value.parameters(), *value.buffers())
            for module in value.modules():
                self._hold(vars(module))
                yield from vars(module).values()
        elif isinstance(value, (torch.optim.lr_scheduler.LRScheduler, torch.amp.GradScaler)):
            self.keepers[id(value)] = value
        elif isinstance(value, torch.optim.Optimizer):
            yield from value.param_groups
        elif isinstance(value, (types.MethodType, functools.partial)):
            yield from getattr(value, "args", ())
            yield from (getattr(value, "keywords", None) or {}).values()
            yield from (getattr(value, n, None) for n in ("__self__", "func", "__func__"))
        elif isinstance(value, types.FunctionType):
            yield from self._of_function(value)
        elif isinstance(value, CONTAINERS):
            if own:
                self._hold(value)
            yield from list(value.values() if isinstance(value, Mapping) else value)[:10_000]
        elif hasattr(value, "__dict__") and not _is_closed(value):
            if own:
                self._hold(vars(value))
            yield from list(vars(value).values())

    def _hold(self, value: Any) -> None:
        kind = next((k for k in (dict, list, set, collections.deque) if isinstance(value, k)), None)
        if kind is not None:
            self.holders.append((functools.partial(kind, value), functools.partial(_refill, value)))

    def _of_function(self, function: types.FunctionType) -> Iterable[Any]:
        for cell in function.__closure__ or ():
            with contextlib.suppress(ValueError):
                yield cell.cell_contents
                self.holders.append(
                    (lambda c=cell: [c.cell_contents],
                     lambda held, c=cell: setattr(c, "cell_contents", held[0]))
                )  # fmt: skip
        yield from (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        if _is_library(function.__code__.co_filename):
            yield getattr(function, "__wrapped__", None)
            return
        known = function.__globals__
        names = _names(function.__code__) & known.keys()
        self.holders.append((lambda: {name: known[name] for name in names}, known.update))
        yield from (known[name] for name in names)


def _stateful(value: Any) -> Holder | None:
    """How to read and put back the state of a generator of random numbers, or of an array."""
    numpy = sys.modules.get("numpy")
    if isinstance(value, torch.Generator):
        return value.get_state, value.set_state
    if isinstance(value, random.Random) and not isinstance(value, random.SystemRandom):
        return value.getstate, value.setstate
    if numpy and isinstance(value, numpy.random.RandomState):
        return value.get_state, value.set_state
    if numpy and isinstance(value, numpy.random.Generator):
        bits = value.bit_generator
        return lambda: bits.state, functools.partial(setattr, bits, "state")
    if numpy and isinstance(value, numpy.ndarray) and value.flags.writeable:
        return value.copy, functools.partial(numpy.copyto, value)
    return None


def _refill(held: Any, saved: Any) -> None:
    held.clear()
    (held.update if isinstance(held, (dict, set)) else held.extend)(saved)


def _identical(now: Any, saved: Any) -> bool:
    """Whether a place holds the very same objects as before."""
    if isinstance(now, dict):
        return now.keys() == saved.keys() and all(now[k] is v for k, v in saved.items())
    if isinstance(now, (list, collections.deque)):
        return len(now) == len(saved) and all(a is b for a, b in zip(now, saved))
    return isinstance(now, set) and now == saved


def _is_own(value: Any) -> bool:
    """Whether its class is the reader's: what such an object holds is put back."""
    module = sys.modules.get(type(value).__module__)
    file = getattr(module, "__file__", None)
    is_plain = isinstance(value, types.SimpleNamespace)
    return is_plain or not ((file and _is_library(file)) or _is_closed(value))


def _is_closed(value: Any) -> bool:
    """Whether it is a class, a module, or an object of a library, whose insides are its own."""
    owner = type(value).__module__.split(".")[0]
    return isinstance(value, (type, types.ModuleType)) or owner in ("torch", "numpy", "builtins")


def _names(code: types.CodeType) -> set[str]:
    inner = (_names(c) for c in code.co_consts if isinstance(c, types.CodeType))
    return set(code.co_names).union(*inner)


class Replay(Iterator):
    """An iterator that gives the same items again in each run; otherwise it is the one behind."""

    def __init__(self, source: Iterator) -> None:
        self.source, self.items, self.at = source, [], 0
        self.ended = self.wide = False

    def __next__(self) -> Any:
        if self.ended:
            return self.items.pop(0) if self.items else next(self.source)
        if self.at == len(self.items):
            self.items.append(next(self.source))
        self.at += 1
        with torch._C.DisableTorchFunction():  # a copy: a run may write into its batch
            copied = tree_map(_copied, self.items[self.at - 1])
            return tree_map(_wide, copied) if self.wide else copied

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


def _copied(value: Any) -> Any:
    if not isinstance(value, Tensor) or _odd(value):
        return value
    if value.grad_fn is not None:
        raise TypeError("an iterator gives what has a history, once: compute it in loss_fn instead")
    return value.detach().clone().requires_grad_(value.requires_grad)


class State:
    """All that a run may change; ``rewind`` puts it back before a run, ``close`` at the end."""

    def __init__(self, reach: Reach, params: list[Tensor]) -> None:
        tensors = {**reach.tensors, **{id(p): p for p in params}}
        self.tensors = [t for t in tensors.values() if not _odd(t)]
        self.values = [t.detach().clone() for t in self.tensors]
        self.data = [t.data for t in self.tensors]
        self.needs = [t.requires_grad for t in self.tensors]
        self.hooks = [_hooks(t) for t in self.tensors]
        self.grads = [t.grad if t.is_leaf else None for t in self.tensors]
        self.grad_values = [None if g is None else g.detach().clone() for g in self.grads]
        self.keepers = [(k, _plain(vars(k))) for k in reach.keepers.values()]
        self.optimizers: dict[int, tuple[torch.optim.Optimizer, dict]] = {}
        parallel = torch.nn.parallel.DistributedDataParallel
        self.parallel = [m for m in reach.modules.values() if isinstance(m, parallel)]
        self.random = _random_state()
        self.dtype, self.grad_mode = torch.get_default_dtype(), torch.is_grad_enabled()
        self.put_back = _patches()
        self.replays: dict[int, Replay] = {}
        self.holders = [(read, write, self._replayed(read())) for read, write in reach.holders]

    def _replayed(self, saved: Any) -> Any:
        """The same with iterators that can be run again; files are none."""
        return _swapped(saved, lambda held: (
            self.replays.setdefault(id(held), Replay(held))
            if isinstance(held, Iterator) and not isinstance(held, io.IOBase) else held
        ))  # fmt: skip

    def save_optimizer(self, optimizer: torch.optim.Optimizer) -> None:
        """Remember an optimizer's state before its first step."""
        if id(optimizer) not in self.optimizers:
            self.optimizers[id(optimizer)] = (optimizer, copy.deepcopy(optimizer.state_dict()))

    def rewind(self) -> None:
        """Put everything back, for another run."""
        torch.set_default_dtype(self.dtype)
        torch._C._set_grad_enabled(self.grad_mode)
        for read, write, saved in self.holders:
            if not _identical(read(), saved):
                write(saved)
        for module in self.parallel:  # its bookkeeping allows one backward pass for each forward
            module.require_backward_grad_sync = module.require_forward_param_sync = False
        for tensor, data, value, needs in zip(self.tensors, self.data, self.values, self.needs):
            self._put(tensor, data, value, needs)
        for tensor, hooks, grad, value in zip(
            self.tensors, self.hooks, self.grads, self.grad_values
        ):
            if hooks != _hooks(tensor):
                tensor._backward_hooks = None if hooks is None else copy.copy(hooks)
            if tensor.is_leaf:
                tensor.grad = grad
                if grad is not None and not (grad.requires_grad and not grad.is_leaf):
                    grad.data.copy_(value)
        for optimizer, saved in self.optimizers.values():
            optimizer.load_state_dict(copy.deepcopy(saved))
        for keeper, saved in self.keepers:
            vars(keeper).update(_plain(saved))
        for replay in self.replays.values():
            replay.at, replay.wide = 0, False
        _random_state(self.random)

    @staticmethod
    def _put(tensor: Tensor, data: Tensor, value: Tensor, needs: bool) -> None:
        if not needs and tensor.requires_grad:  # the run wrote something with history into it
            with contextlib.suppress(RuntimeError):
                tensor.detach_()
        if tensor.is_leaf:
            tensor.grad = None
        if tensor.data_ptr() != data.data_ptr() or tensor.dtype != data.dtype:
            tensor.data = data
        if not torch.equal(tensor.data, value):  # as with nan; what is right is left alone
            tensor.data.copy_(value)
        if tensor.is_leaf and tensor.requires_grad != needs:
            tensor.requires_grad_(needs)

    def close(self) -> None:
        """Put everything back; an iterator that was used gives its items once more."""
        self.put_back()
        for replay in self.replays.values():
            replay.ended = True
        self.parallel = []
        unused = {id(r): r.source for r in self.replays.values() if not r.items}
        self.holders = [
            (read, write, _swapped(saved, lambda held: unused.get(id(held), held)))
            for read, write, saved in self.holders
        ]
        self.rewind()


def _patches() -> Callable[[], None]:
    """Give what puts back all that a run replaces, should an interrupt fall into its end."""
    block = torch.utils.checkpoint.CheckpointFunction
    places = [(torch.Tensor, "_make_subclass"), (torch.autograd, "_engine_run_backward"),
              (torch.autograd.Variable, "__new__"), (block, "forward"), (sys, "stdout"),
              (warnings, "filters")]  # fmt: skip
    replaced = [(o, n, inspect.getattr_static(o, n)) for o, n in places if hasattr(o, n)]
    optimizers = vars(sys.modules[torch.optim.Optimizer.__module__])
    hooks = [held for name, held in optimizers.items() if name.startswith("_global_optimizer")]
    kept, depth = [dict(held) for held in hooks], torch._C._len_torch_function_stack()

    def put_back() -> None:
        while torch._C._len_torch_function_stack() > depth:
            torch._C._pop_torch_function_stack()
        for owner, name, value in replaced:
            setattr(owner, name, value)
        for held, saved in zip(hooks, kept):
            _refill(held, saved)

    return put_back


def _swapped(saved: Any, other: Callable[[Any], Any]) -> Any:
    """What a place holds, each object replaced by another one."""
    if isinstance(saved, dict):
        return {key: other(held) for key, held in saved.items()}
    return [other(h) for h in saved] if isinstance(saved, (list, collections.deque)) else saved


def _plain(state: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of what is data in an object's state."""
    kinds = (int, float, str, list, dict, Tensor, type(None))
    return {k: copy.deepcopy(v) for k, v in state.items() if isinstance(v, kinds)}


def _hooks(tensor: Tensor) -> Any:
    return copy.copy(tensor._backward_hooks) if tensor.is_leaf else None


def _odd(tensor: Tensor) -> bool:
    """Whether it cannot simply be cloned and copied: sparse, quantized, on meta, in inference."""
    odd = tensor.layout != torch.strided or tensor.is_meta or tensor.is_quantized
    return odd or tensor.is_inference() or _in_func(tensor)


def _needs(tensor: Tensor) -> bool:
    """Whether it has a history, perhaps below what torch.func wrapped it in."""
    while _in_func(tensor) and not tensor.requires_grad:
        tensor = torch._C._functorch.get_unwrapped(tensor)
    return tensor.requires_grad


def _below(tensor: Tensor) -> Tensor:
    """The tensor that torch.func wrapped, or itself."""
    while _in_func(tensor):
        tensor = torch._C._functorch.get_unwrapped(tensor)
    return tensor


def _enters(tensor: Tensor) -> bool:
    """Whether it had a history before torch.func wrapped it."""
    return _below(tensor).requires_grad


def _in_func(tensor: Tensor) -> bool:
    """Whether torch.func wrapped it."""
    return torch._C._functorch.is_functorch_wrapped_tensor(tensor)


def _random_state(saved: tuple | None = None) -> tuple:
    """The states of all generators; with ``saved``, put them back."""
    numpy = sys.modules.get("numpy")
    if saved is None:
        cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
        states = torch.cuda.get_rng_state_all() if cuda else None
        of_numpy = numpy.random.get_state() if numpy else None
        return torch.get_rng_state(), random.getstate(), states, of_numpy
    torch.set_rng_state(saved[0])
    random.setstate(saved[1])
    if saved[2] is not None:
        torch.cuda.set_rng_state_all(saved[2])
    if saved[3] is not None:
        numpy.random.set_state(saved[3])
    return saved


# ---------------------------------------------------------------------------------------------
# Watching a run


class Valve:
    """Whether the gates of one stop let a gradient through."""

    def __init__(self) -> None:
        self.open = False


class Gate(torch.autograd.Function):
    """The identity; its backward pass returns nothing while its valve is closed."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, valve: Valve) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Tensor) -> None:
        ctx.valve = inputs[1]

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple:
        return (grad if ctx.valve.open else None), None


class _Declared:
    depth = 0


@contextlib.contextmanager
def intended() -> Iterator[None]:
    """Declare the stops in this block as on purpose; outside of a check it does nothing."""
    _Declared.depth += 1
    try:
        yield
    finally:
        _Declared.depth -= 1


class _Stepped(BaseException):
    """Ends a training step where the optimizer would change the parameters."""


Key = tuple  # (Place, kind)
WIDE = dict.fromkeys((torch.float32, torch.float16, torch.bfloat16), torch.float64)
WIDE[torch.complex64] = torch.complex128
_set_grad = torch._C._set_grad_enabled
_make_parameter = torch.Tensor._make_subclass
_new_variable = torch.autograd.Variable.__new__
# Attributes that give a tensor computed from another one; the rest only tells about it.
VIEWS = {getattr(Tensor, n).__get__ for n in ("T", "mT", "H", "mH", "real", "imag")}
# Methods that return no value of the tensor, or must be given the tensor itself.
ABOUT = set(
    _words(
        "requires_grad_ retain_grad register_hook register_post_accumulate_grad_hook size dim "
        "numel stride is_floating_point is_complex is_contiguous untyped_storage data_ptr type "
        "element_size storage_offset get_device _is_view __len__ __repr__ __format__ __hash__ "
        "__bool__"
    )
)


@dataclasses.dataclass
class Crossing:
    """One gradient that was stopped: the tensor before, and the one that the code went on with."""

    key: Key
    before: Tensor
    after: Tensor
    leaf: bool = False


class Watch(TorchFunctionMode):
    """Runs a loss and sees each stop.

    ``gates`` puts a gate at each stop of these keys (all, for None), so that its gradient can be
    let through afterwards. ``shake`` changes the value behind the stop of a key by a share.
    ``wide`` computes in float64. ``values`` holds what intended stops gave in an earlier run: they
    give the same again. ``push`` adds a tensor to the inner gradients of a key. ``retain`` keeps
    all graphs. ``sums`` follows of which summands a number is made.
    """

    def __init__(
        self, check: Check, gates: bool = False, only: set[Key] | None = None,
        shake: tuple[Key | None, float] = (None, 0.0), wide: bool = False,
        values: dict[Key, list] | None = None, push: tuple[Key | None, list[Tensor]] = (None, []),
        retain: bool = False, sums: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.check, self.gates, self.only, self.shake = check, gates, only, shake
        self.wide, self.values, self.push, self.retain = wide, values, push, retain
        self.sums: dict[int, tuple[Tensor, tuple]] | None = {} if sums else None
        self.group = 1  # how many summands are taken together
        self.valves: dict[Key, Valve] = {}
        self.crossings: list[Crossing] = []
        self.escapes: dict[Key, list[Tensor]] = {}
        self.wrapped: set[Key] = set()  # stops inside of torch.func, which hides the tensors
        self.stops: dict[Key, int] = {}
        self.held: dict[Key, list] = {}
        self.inner: dict[Key, list[Tensor]] = {}
        self.roots: list[Tensor] = []
        self.dropped: list[Tensor] = []
        self.retained: list[Tensor] = []  # tensors with a history that get a .grad nevertheless
        self.graded = list(check.params)  # leaves whose .grad may have a history
        self.passes, self.inside = 0, False
        self.derived = False  # whether a gradient was taken
        self.barren: dict[int, set[int]] = {}  # passes without a gradient of ours -> their leaves
        self.region: Key | None = None
        self.before: dict[int, Key | None] = {}
        self.kept: dict[Any, Any] = {}  # (key, id) -> (tensor, its gate's output); keeps ids alive
        self.outputs: dict[int, Crossing] = {}
        self.known: dict[Any, frozenset] = {}  # nodes of the graph -> the stops behind them
        self.writes: list[bool] = []
        self.paused, self.seed = 0, None
        self.stepped: list[Place] = []
        self.early: tuple[Place, set[Key]] | None = None  # the step, and the stops before it

    # -- the door

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self.paused:
            return func(*args, **kwargs)
        if self.check.ends_at_step and self.roots and _name(func).startswith("_amp_"):
            raise _Stepped  # a scaler that unscales: the loss is behind
        if self.wide:
            func = Tensor.double if func in NARROWING else func
            args, kwargs = self._widened(func, args, kwargs)
        handler = HANDLERS.get(func)
        if handler is not None:
            result = handler(self, func, args, kwargs)
        elif _writes(func, kwargs):
            result = self._write(func, args, kwargs)
        else:
            result = self._call(func, args, kwargs)
            if self.sums is not None and func in LINEAR:
                self._sum(func, args, result)
        return tree_map(_wide, result) if self.wide else result

    def _call(self, func, args, kwargs):
        """An operation: where no gradients are recorded, it is a stop of what it uses."""
        key = self._off(args, kwargs, func)
        if key is None:
            return func(*args, **kwargs)
        sources = _tensors((args, kwargs))
        held = self._frozen(key) and any(map(_in_func, sources))
        if held or torch.is_grad_enabled():  # by torch.func, of which it records its own part alone
            args, kwargs = tree_map(functools.partial(self._enter, key), (args, kwargs))
            return func(*args, **kwargs)

        def through():
            gated, named = tree_map(lambda t: self._region_gate(key, t), (args, kwargs))
            result = func(*gated, **named)
            self.kept |= {(key, id(t)): (t, t) for t in _tensors(result)}
            return result

        return self._give(key, lambda: func(*args, **kwargs), through, sources)

    def _off(self, args, kwargs, func) -> Key | None:
        """The region without gradients that this operation is in, if it stops anything."""
        if self.region is None and not torch.is_inference_mode_enabled():
            return None
        name = _name(func)
        if name in ABOUT or (name == "__get__" and func not in VIEWS) or name == "__set__":
            return None
        needs = _enters if torch.is_grad_enabled() else _needs
        if not any(map(needs, _tensors((args, kwargs)))):
            return self.region if self.region and self._frozen(self.region) else None
        return self._count(self.region or self._key("inference_mode"))

    def _enter(self, key: Key, tensor: Any) -> Any:
        """What enters torch.func, where its history is not recorded: nothing lets it through."""
        if not (isinstance(tensor, Tensor) and _enters(tensor)):
            return tensor
        if self.gates:
            self.check.block(key, "torch.func is called in it")
            self._leak(key, _below(tensor))
        if not (self._frozen(key) or self.shake[0] == key):
            return tensor
        value = _below(tensor).detach()
        given = self._freeze(key, value.clone()) if self._frozen(key) else self._shaken(value)
        return tensor + (given - value)

    # -- stops

    def _key(self, kind: str) -> Key:
        place, design = _place()
        return place, "library" if design else kind

    def _count(self, key: Key) -> Key:
        self.stops[key] = self.stops.get(key, 0) + 1
        if key not in self.check.stops:
            self.check.add(key)
        return key

    def _gated(self, key: Key) -> bool:
        wanted = self.only is None or key in self.only
        return self.gates and wanted and key[1] != "library"

    def _frozen(self, key: Key) -> bool:
        return self.values is not None and self.check.frozen(key)

    def _give(self, key, plain, through, sources=()):
        """What a stop gives: as before, as it is, something beside it, or what comes through."""
        if self._frozen(key):
            return self._freeze(key, plain(), sources)
        if self.shake[0] == key:
            return tree_map(self._shaken, plain())
        if not self._gated(key):
            return plain()
        with _recording():
            return through()

    def _freeze(self, key: Key, result: Any, sources: Iterable[Tensor] = ()) -> Any:
        """Give what the stop gave in the first run with ``values``; keep it if this is the first.

        A view of what it was computed from moves with that.
        """
        if key[1] == "library":
            self.check.held[key[0]] = f"what {key[0].inside} takes for a constant"
        shared = {_storage(t) for t in sources} - {0}
        held, earlier = self.held.setdefault(key, []), self.values.get(key)
        for tensor in (t for t in _tensors(result) if _storage(t) not in shared):
            held.append(tensor.detach().clone())
            if earlier is not None and len(held) <= len(earlier):
                if 0 in tensor.stride():  # expanded, as the gradient of a sum: not to be written
                    tensor.data = tensor.data.clone()
                tensor.data.copy_(earlier[len(held) - 1])
        return result

    def _statistics(self, func, args, kwargs):
        """A normalization; the running statistics that it keeps are a constant to PyTorch."""
        result = self._call(func, args, kwargs)
        if self.values is not None:
            kept = inspect.signature(func).bind(*args, **kwargs).arguments
            running = [kept.get("running_mean"), kept.get("running_var")]
            if any(kept.get(name) for name in ("training", "use_input_stats")):
                self._freeze((_place()[0], "running statistics"), running)
        return result

    def hold(self, place: Place, moved: list[Tensor]) -> None:
        """Hold what another optimizer trains in turn: it moves as in the first such run, or not."""
        if self.shake[0] is not None:
            known = dict(zip(map(id, self.check.state.tensors), self.check.state.values))
            for tensor in moved:
                tensor.data.copy_(known[id(tensor)])
        if self.values is not None:
            self.check.held[place] = "a step of another optimizer"
            self._freeze((place, "step"), moved)

    def _gate(self, key: Key, tensor: Tensor) -> Tensor:
        after = Gate.apply(tensor, self.valves.setdefault(key, Valve()))
        if _in_func(after):
            self.wrapped.add(key)
        else:
            self.outputs[id(after)] = crossing = Crossing(key, tensor, after)
            self.crossings.append(crossing)
        return after

    def _region_gate(self, key: Key, tensor: Any) -> Any:
        if not (isinstance(tensor, Tensor) and _needs(tensor)):
            return tensor
        if (key, id(tensor)) not in self.kept:
            self.kept[key, id(tensor)] = (tensor, self._gate(key, tensor))
        return self.kept[key, id(tensor)][1]

    def _shaken(self, value: Any) -> Any:
        """A value behind the stop, changed by a share of itself; 0 by the share."""
        share = self.shake[1]
        if isinstance(value, float):
            return value * (1 + share) if value else share
        if not isinstance(value, Tensor) or not value.is_floating_point():
            return value
        signs = 1 - 2 * (torch.arange(value.numel(), device=value.device) % 2)
        moved = share * signs.view(value.shape).to(value.dtype)
        shaken = torch.where(value == 0, moved, value * (1 + moved))
        return shaken if _in_func(value) else shaken.detach()  # which would lose a tangent

    # -- kinds of stops

    def _detach(self, func, args, kwargs):
        tensor = args[0]
        key = self._key(DETACHING.get(func, ".detach()"))
        declared = self.values is not None and self._frozen(key)  # of what was cut before, too
        if not (_needs(tensor) or declared):
            return self._call(func, args, kwargs)
        self._count(key)

        def plain():
            result = func(*args, **kwargs)
            return result.clone() if self._frozen(key) else result

        def through():
            outer = self.region is not None and self._gated(self.region)
            return self._gate(key, self._region_gate(self.region, tensor) if outer else tensor)

        return self._give(key, plain, through)

    def _detach_in_place(self, func, args, kwargs):
        if id(args[0]) in self.outputs:
            return args[0]
        if args[0].requires_grad:
            key = self._count(self._key(".detach_()"))
            self.check.block(key, "it changes the tensor in place")
        return func(*args, **kwargs)

    def _copy(self, func, args, kwargs):
        """``torch.tensor`` and its relatives, given tensors with a history."""
        method = func in (Tensor.new_tensor, Tensor.new)
        data = kwargs.get("data", args[method] if len(args) > method else None)
        shares = isinstance(data, Tensor) and func not in (torch.tensor, Tensor.new_tensor)
        if shares or not any(t.requires_grad for t in _tensors(data)):
            return func(*args, **kwargs)
        if self.gates:
            args, kwargs = tree_map(_constant, (args, kwargs))
        copied = func(*args, **kwargs)
        if not copied.is_floating_point() and not copied.is_complex():
            return copied
        kind = f".{_name(func)}()" if method else f"torch.{_name(func)}() of a tensor"
        key = self._count(self._key(kind))

        def through():
            after = self._gate(key, _stacked(data).to(copied).reshape(copied.shape))
            if copied.requires_grad:
                self._retain_grad(Tensor.retain_grad, (after,), {})
            return after

        return self._give(key, lambda: copied, through)

    def _normal(self, func, args, kwargs):
        """Numbers drawn around a mean with a history, to which PyTorch gives a gradient of 0."""
        mean, deviation = (*args, kwargs.get("mean"), kwargs.get("std"))[:2]
        if kwargs.get("mean") is not None:
            mean, deviation = kwargs["mean"], kwargs.get("std", args[0] if args else 1.0)
        if not any(t.requires_grad for t in _tensors((mean, deviation))):
            return self._call(func, args, kwargs)
        key = self._count(self.region or self._key("torch.normal() of a tensor"))

        def through():
            drawn = func(*args, **kwargs)
            numbers = torch.nan_to_num(((drawn - mean) / deviation).detach())
            around, wide = (self._region_gate(key, t) for t in (mean, deviation))
            return around + wide * numbers

        return self._give(key, lambda: func(*args, **kwargs), through, ())

    def _gumbel(self, func, args, kwargs):
        """A Gumbel softmax; no call inside of ``F`` is seen, so its ``hard`` is written out."""
        given = inspect.signature(func).bind(*args, **kwargs).arguments
        if not given.get("hard"):
            return self._call(func, args, kwargs)
        with self:
            soft, dim = func(**{**given, "hard": False}), given.get("dim", -1)
            hard = torch.zeros_like(soft).scatter(dim, soft.argmax(dim, keepdim=True), 1.0)
            return hard - soft.detach() + soft

    def _draw(self, func, args, kwargs):
        """A draw whose gradient is PyTorch's estimate: beside the point, it moves along that."""
        drawn = self._call(func, args, kwargs)
        if self.values is None:
            return drawn
        place = _place()[0]
        self.check.held[place] = "a draw, which moves only as PyTorch's gradient of it says"
        held, earlier = self.held.setdefault((place, "draw"), []), self.values.get((place, "draw"))
        held += [args[0].detach().clone(), drawn.detach().clone()]
        if earlier is not None and len(held) <= len(earlier):
            start, value = earlier[len(held) - 2 : len(held)]
            moved = _drift(func, start, value, args[0].detach() - start)
            drawn.data.copy_(value + moved)
        return drawn

    def _escape(self, func, args, kwargs):
        """A value that leaves PyTorch: a Python number or a NumPy array."""
        tensor, name = args[0], _name(func)
        if not (tensor.requires_grad or self.values is not None):
            return func(*args, **kwargs)
        kind = {"__float__": "float()", "__array__": "NumPy array"}.get(name, f".{name}()")
        key = self._key(kind)
        if not (tensor.requires_grad or self._frozen(key)):
            return func(*args, **kwargs)
        self._count(key)
        if self.gates and not self._is_behind():
            self.escapes.setdefault(key, []).append(tensor)
            passed = _passed(tensor, self.valves, self.known)  # .detach() before .numpy()
            for earlier in () if self.check.stops[key].intended else passed:
                self.escapes.setdefault(earlier, []).append(tensor)
                self.check.after.setdefault(key, set()).add(earlier)
        if self.gates or self._frozen(key) or self.shake[0] == key:
            constant = tensor.detach().clone()
            args = (self._give(key, lambda: constant, lambda: constant), *args[1:])
        return func(*args, **kwargs)

    def _grad(self, func, args, kwargs):
        call = inspect.signature(func).bind(*args, **kwargs)
        self._derive()

        def plain():
            with self._again():
                return func(*args, **kwargs)

        def stopped():
            found = plain()
            if any(t.requires_grad for t in _tensors(found)):
                self.check.partial.add(key)
            return found

        def through():
            call.arguments["retain_graph"] = True
            passed = func(*call.args, **call.kwargs) if key in self.check.partial else ()
            call.arguments["create_graph"] = True
            found = func(*call.args, **call.kwargs)
            pairs = itertools.zip_longest(found, passed)
            return tuple(t if t is None else self._rest(key, t, kept) for t, kept in pairs)

        if call.arguments.get("create_graph"):
            return self._inner(plain())
        key = self._key(GRAD)
        if key[1] == "library" and self.region:  # torch.func, which records where it is called
            key = self.region
            if torch._C._functorch.maybe_current_level() is not None:  # what it is of was held
                return plain()
        self._count(key)
        return self._give(key, stopped, through)

    def _rest(self, key: Key, whole: Tensor, kept: Tensor | None) -> Tensor:
        """The whole gradient, with a gate before all but the history that it has anyhow."""
        if not whole.requires_grad:
            return whole
        if kept is None or not kept.requires_grad:
            return self._gate(key, whole)
        return kept + self._gate(key, whole - kept)

    def _inner(self, result):
        """Keep the inner gradients that the loss is made of; push them where that is asked for."""
        key = (_place()[0], "inner gradient")
        if any(map(_in_func, _tensors(result))):
            return result
        found = self.inner.setdefault(key, [])
        if self.push[0] == key:
            later = iter(self.push[1][len(found) :])
            result = tuple(t if t is None else t + next(later) for t in result)
        found += [t for t in result if t is not None]
        return result

    def _backward(self, func, args, kwargs):
        if self.inside:  # a block of the reader's that is computed anew
            return func(*args, **kwargs)
        self.inside = True
        try:
            return self._pass(func, args, kwargs)
        finally:
            self.inside = False

    def _pass(self, func, args, kwargs):
        roots = args[0] if args else kwargs["tensors"]
        roots = [roots] if isinstance(roots, Tensor) else list(roots)
        given = dict(zip(inspect.signature(func).parameters, args)) | kwargs
        self._add_root(roots, given.get("gradient", given.get("grad_tensors")))
        if self.retain or self.gates:  # else as it is: without it, it is create_graph's
            given["retain_graph"] = True
            for p in self.graded:  # this pass adds in place to what the loss may be made of
                if p.is_leaf and p.grad is not None and p.grad.requires_grad:
                    p.grad = p.grad.clone()
        key = self._key(BACKWARD)
        if not given.get("create_graph"):
            self._count(key)
        if given.get("create_graph") or not self._gated(key):
            leaves = _leaves(roots) if self._frozen(key) else []
            with self._again():
                func(**given)
            if leaves:
                self._freeze(key, [t.grad for t in leaves if id(t) not in self.check.ids])
            if given.get("create_graph"):
                self.graded += _leaves(roots)
            return
        earlier = [(leaf, leaf.grad) for leaf in (*_leaves(roots), *self.retained)]
        func(**{**given, "create_graph": True, "retain_graph": True})
        for leaf, before in earlier:
            if leaf.grad is not None and leaf.grad is not before and leaf.grad.requires_grad:
                leaf.grad = self._gate(key, leaf.grad)
                self.graded.append(leaf)

    def _derive(self) -> None:
        """Note that a gradient is taken, and whether the parameters changed before it."""
        self.derived = True
        if self.early is not None:
            self.check.unchecked[self.early[0]] = None
            self.check.later |= self.stops.keys() - self.early[1]

    def _add_root(self, roots: list[Tensor], weights: Any) -> None:
        self.passes += 1
        self._derive()
        if self.passes in self.check.foreign:
            return
        weights = [weights] if isinstance(weights, Tensor) or weights is None else list(weights)
        weights += [None] * (len(roots) - len(weights))
        total = sum((r if w is None else (r * w)).sum() for r, w in zip(roots, weights))
        self.roots.append(roots[0] if len(roots) == 1 and weights[0] is None else total)
        if not self.gates and not self.check.ends_at_step:
            leaves = {id(leaf) for leaf in _leaves(roots)}
            if not leaves & {id(p) for p in _leaves(self.check.params)}:
                self.barren[self.passes] = leaves

    def _set_grad_of(self, func, args, kwargs):
        """``tensor.grad = None`` of a parameter starts the step's gradient anew."""
        if id(args[0]) in self.check.ids:
            if args[1] is not None:
                self.check.by_hand[_place()[0]] = None
            elif self.roots:
                self.dropped, self.roots = self.roots, []
        return func(*args, **kwargs)

    def _grad_mode(self, func, args, kwargs):
        """``no_grad`` and its relatives: note the region that begins or ends here."""
        result = func(*args, **kwargs)
        frame, owner, kept = sys._getframe(2), None, None
        while frame is not None and frame.f_code.co_filename.startswith(TORCH):
            if frame.f_code.co_filename.endswith("grad_mode.py"):
                owner = frame
            elif "_functorch" in frame.f_code.co_filename:
                kept = self.region  # torch.func records what it differentiates alone
            frame = frame.f_back
        who = id(owner.f_locals.get("self")) if owner else 0
        if owner is not None and owner.f_code.co_name == "__exit__":
            earlier = self.before.pop(who, None)
            self.region = None if args[0] else earlier
        else:
            self.before.setdefault(who, self.region)
            self.region = kept if args[0] else self._key("no_grad")
        return result

    def _requires_grad(self, func, args, kwargs):
        tensor, wanted = args[0], (args[1:] or (kwargs.get("requires_grad", True),))[0]
        if not wanted and id(tensor) in self.check.ids:
            self.check.asleep[id(tensor)] = _place()[0]
        if tensor.grad_fn is None or not self.gates:
            return func(*args, **kwargs)
        if wanted:
            self._retain_grad(Tensor.retain_grad, (tensor,), {})
        return tensor

    def _retain_grad(self, func, args, kwargs):
        self.retained.append(args[0])
        return func(*args, **kwargs)

    # -- writes

    def _set_data(self, func, args, kwargs):
        source = args[1]
        if source.requires_grad:
            key = self._count(self._key(".data ="))
            self._leak_behind(key, source)
            source = self._shaken(source) if self.shake[0] == key else source
            self._tie(args[:1], [source])
        self._written(args[0])
        return self._held_write([args[0]], lambda: func(args[0], source.detach()))

    def _leak_behind(self, key: Key, tensor: Tensor) -> None:
        """What leaves here is due to the stops before it, or else to this one."""
        for passed in _passed(tensor, self.valves, self.known) or {key}:
            self._leak(passed, tensor)

    def _leak(self, key: Key, tensor: Tensor) -> None:
        self.escapes.setdefault(key, []).append(tensor)
        self.check.block(key, "it writes into a tensor")

    def _write(self, func, args, kwargs):
        """An operation that writes into a tensor."""
        named = kwargs.get("out") is not None  # else the first argument is written into
        target = kwargs["out"] if named else args[0] if args else None
        targets = list(_tensors(target))
        read = args if named else args[1:]
        rest = list(_tensors((read, {k: v for k, v in kwargs.items() if k != "out"})))
        self._written(*targets)
        if not self.gates:
            plain = functools.partial(self._plain_write, func, args, kwargs, rest)
            write = functools.partial(self._held_write, targets, plain)
            result = self._sum_in_place(func, args, write) if self._adds(func, args) else write()
            self.writes.append(any(t.requires_grad and not t.is_leaf for t in targets))
            return result
        number = len(self.writes)
        self.writes.append(False)
        tracked = number < len(self.check.writes) and self.check.writes[number]
        crossings = [self.outputs[id(t)] for t in targets if id(t) in self.outputs]
        if tracked and not crossings:
            return func(*args, **kwargs)
        for tensor in rest:
            self._lost(tensor, crossings)
        if named or _name(func) in ("copy_", "__setitem__"):
            self._tie(targets, rest)
        foreign = crossings or any(t.requires_grad or id(t) in self.check.known for t in targets)
        if self.region is not None and not foreign:
            return self._call(func, args, kwargs)
        with torch.no_grad():
            func(*tree_map(_constant, args), **tree_map(_constant, kwargs))
        return target

    def _tie(self, targets: Iterable[Tensor], sources: list[Tensor]) -> None:
        """Note a write that gives a parameter the values of others, and so moves with them."""
        own = {_storage(t) for t in targets} & self.check.storages
        below = [{_storage(leaf) for leaf in _leaves([s])} for s in sources if own]
        if any(leaves & self.check.storages and not leaves & own for leaves in below):
            self.check.tied.add(_place()[0])

    def _held_write(self, targets: list[Tensor], write: Callable[[], Any]) -> Any:
        """A write; where it changes parameters before the loss, they move from what it leaves.

        So they do where the change is declared, and not where it ties them to each other.
        """
        where = {_storage(t) for t in targets} & self.check.storages
        key = (_place()[0], "a write into the parameters")
        moves = self.derived or key[0] in self.check.tied
        if not where or (moves and not self._frozen(self.region)):
            return write()
        own = [p for p in self.check.params if _storage(p) in where]
        known = self.check.left if self.values is None else self.values
        if self.values is not None:
            self.check.held[key[0]] = "what it writes into the parameters"
        before = [p.detach().clone() for p in own]
        result = write()
        held, earlier = self.held.setdefault(key, []), known.get(key)
        for p, start in zip(own, before):
            held += [start, p.detach().clone()]
            if earlier is not None and len(held) <= len(earlier):
                first, after = earlier[len(held) - 2 : len(held)]
                p.data.copy_(after + (start - first))
        return result

    def _embedding(self, func, args, kwargs):
        """An embedding; its ``max_norm`` writes into the weight, where no call is seen."""
        given = dict(inspect.signature(func).bind(*args, **kwargs).arguments)
        bound = given.pop("max_norm", None)
        if bound is None:
            return self._call(func, args, kwargs)
        weight, rest = given["weight"].detach(), (bound, given.get("norm_type", 2.0))
        renorm = functools.partial(torch.embedding_renorm_, weight, given["input"].contiguous())
        with torch.no_grad():
            self._held_write([weight], lambda: renorm(*rest))
        return self._call(func, (), given)

    def _adds(self, func: Any, args: tuple) -> bool:
        """Whether it adds to a number, or multiplies it; what was known of others is gone."""
        if self.sums is not None and func in LINEAR and args[0].numel() == 1:
            return True
        if self.sums:
            self.sums.pop(id(args[0]) if args else 0, None)
        return False

    def _plain_write(self, func, args, kwargs, rest):
        key = self.region
        if key is None:
            return func(*args, **kwargs)
        if args and any(t.requires_grad for t in rest):
            self._count(key)
            if self.shake[0] == key:
                kept = 0 if kwargs.get("out") is not None else 1
                args = (*args[:kept], *tree_map(self._shaken_history, args[kept:]))
        result = func(*args, **kwargs)
        if self._frozen(key) and _storage(args[0]) not in self.check.storages:
            self._freeze(key, kwargs.get("out", result))
        return result

    def _shaken_history(self, value: Any) -> Any:
        history = isinstance(value, Tensor) and value.requires_grad
        return self._shaken(value) if history else value

    def _lost(self, tensor: Tensor, crossings: list[Crossing]) -> None:
        """What is written has a history that the write does not keep: whose is it?"""
        if tensor.requires_grad and not self._is_behind():
            keys = {c.key for c in crossings} | ({self.region} if self.region else set())
            earlier = _passed(tensor, self.valves, self.known)
            for key in keys | earlier:
                self._leak(self._count(key), tensor)
            for key in keys:
                self.check.after.setdefault(key, set()).update(earlier - keys)

    def _is_behind(self) -> bool:
        """Whether the last backward pass is behind: what follows, such as clipping, is no loss."""
        return 0 < self.check.passes <= self.passes

    def _written(self, *targets: Tensor) -> None:
        if not any(id(t) in self.check.ids or _storage(t) in self.check.storages for t in targets):
            return
        if self.check.ends_at_step and self.roots:
            raise _Stepped
        self.step(_place()[0])

    def step(self, place: Place) -> None:
        """Note that the parameters change here, and which stops came before."""
        if self.passes and self.early is None:
            self.early = place, set(self.stops)
        self.stepped.append(place)

    # -- sums of numbers, so that a small one does not drown in a large one

    def _sum(self, func: Any, args: tuple, result: Any) -> None:
        """Note what a number is the sum of, or a constant times it."""
        if not isinstance(result, Tensor) or result.numel() != 1 or _in_func(result):
            return
        name = _name(func).strip("_").removeprefix("i")
        if name not in FACTORS:
            self.sums[id(result)] = (result, args[:2])
        elif not any(t.requires_grad for t in _tensors(args[1:])):
            self.sums[id(result)] = (result, args[:1])

    def _sum_in_place(self, func: Any, args: tuple, write: Callable[[], Any]) -> Any:
        """The same for ``loss += penalty``, whose first summand is gone afterwards."""
        before = args[0].clone()
        if id(args[0]) in self.sums:
            self.sums[id(before)] = (before, self.sums[id(args[0])][1])
        result = write()
        self._sum(func, (before, *args[1:]), result)
        return result

    def parts(self, terms: Mapping[str, Tensor], constants: bool) -> list[Tensor]:
        """The numbers that the terms are sums of, at most 32; none of a term that is no sum.

        A constant is one as well: it may be a constant only because its gradient was lost.
        """
        found: list[Tensor] = []
        for term in terms.values():
            summands, todo, seen = [], [term], set()
            while todo:
                value = todo.pop()
                if not isinstance(value, Tensor) or id(value) in seen:
                    continue
                seen.add(id(value))
                if self.sums and id(value) in self.sums:
                    todo += reversed(self.sums[id(value)][1])
                elif value.requires_grad or (constants and value.is_floating_point()):
                    summands.append(value)
            found += summands if len(summands) > 1 else []
        self.group = max(1, math.ceil(len(found) / 32))
        groups = range(0, len(found), self.group)
        return [sum(found[i : i + self.group]) for i in groups] if self.group > 1 else found

    # -- wide

    def _widened(self, func, args, kwargs):
        if not _writes(func, kwargs):
            return tree_map(self._once, args), tree_map(self._once, kwargs)
        narrow = any(t.dtype in WIDE for t in _tensors(args[:1]))
        return (args if narrow else (*args[:1], *tree_map(self._once, args[1:]))), kwargs

    def _once(self, value: Any) -> Any:
        """In float64; what got its history before the run is the same at each use."""
        if not (isinstance(value, Tensor) and value.dtype in WIDE and value.grad_fn is not None):
            return _wide(value)
        if ("wide", id(value)) not in self.kept:
            with torch.enable_grad():
                self.kept["wide", id(value)] = (value, _wide(value))
        return self.kept["wide", id(value)][1]

    @contextlib.contextmanager
    def _again(self) -> Iterator[None]:
        """Stay in charge of what a backward pass computes anew, such as a checkpointed block."""
        engine = getattr(torch.autograd, "_engine_run_backward", None)
        if not self.wide or engine is None:
            yield
            return

        def inside(*args: Any, **kwargs: Any) -> Any:
            with self:
                return engine(*args, **kwargs)

        torch.autograd._engine_run_backward = inside
        try:
            yield
        finally:
            torch.autograd._engine_run_backward = engine


def _variable(tensor: Tensor) -> Tensor:
    """What ``Variable(tensor)`` gives."""
    return tensor.detach()


def _make_variable(cls: type, data: Any = None, requires_grad: bool = False, **kwargs: Any) -> Any:
    """``Variable(data)``, which no mode sees."""
    if not isinstance(data, Tensor):
        return _new_variable(cls, data, requires_grad, **kwargs)
    return handle_torch_function(_variable, (data,), data).requires_grad_(requires_grad)


DATA = Tensor.data.__get__
DETACHING = {DATA: ".data", _variable: "Variable() of a tensor"}
HANDLERS: dict[Any, Callable] = {
    Tensor.detach_: Watch._detach_in_place,
    torch.autograd.grad: Watch._grad,
    _set_grad: Watch._grad_mode,
    Tensor.data.__set__: Watch._set_data,
    Tensor.grad.__set__: Watch._set_grad_of,
    Tensor.retain_grad: Watch._retain_grad,
}
for _handler, _functions in (
    (Watch._detach, (DATA, Tensor.detach, torch.detach, _variable)),
    (Watch._copy, (torch.tensor, torch.as_tensor, torch.asarray, Tensor.new_tensor, Tensor.new)),
    (Watch._backward, (Tensor.backward, torch.autograd.backward)),
    (Watch._normal, (torch.normal,)),
    (Watch._gumbel, (F.gumbel_softmax,)),
    (Watch._embedding, (F.embedding, F.embedding_bag)),
    (Watch._draw, (torch._standard_gamma, torch._sample_dirichlet)),
    (Watch._statistics, (F.batch_norm, F.instance_norm)),
    (Watch._requires_grad, (Tensor.requires_grad_, Tensor.requires_grad.__set__)),
    (Watch._escape, (Tensor.item, Tensor.tolist, Tensor.numpy, Tensor.__float__, Tensor.__array__)),
):
    HANDLERS |= dict.fromkeys(_functions, _handler)
LINEAR = {getattr(torch, name) for name in _words("add sub neg mul div")} | {
    getattr(Tensor, name)
    for name in _words(
        "add sub neg mul div __add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __neg__ "
        "__truediv__ add_ sub_ mul_ div_ __iadd__ __isub__ __imul__ __itruediv__"
    )
}
FACTORS = ("mul", "rmul", "div", "truediv")
NARROWING = {Tensor.float, Tensor.half, Tensor.bfloat16}
AUGMENTED = {f"__i{n}__" for n in ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod")}


def _writes(func: Any, kwargs: Mapping) -> bool:
    name = _name(func)
    if name in AUGMENTED or name == "__setitem__" or kwargs.get("out") is not None:
        return True
    return name.endswith("_") and not name.endswith("__") and name not in ABOUT


def _name(func: Any) -> str:
    return getattr(func, "__name__", str(func))


def _constant(value: Any) -> Any:
    return value.detach() if isinstance(value, Tensor) else value


def _drift(draw: Callable, start: Tensor, value: Tensor, move: Tensor) -> Tensor:
    """Where PyTorch's gradient says that a draw goes if what it is drawn with moves."""
    if draw is torch._standard_gamma:
        return torch._standard_gamma_grad(start, value) * move
    total = start.sum(-1, keepdim=True).expand_as(start)
    moved = torch._dirichlet_grad(value, start, total) * move
    return moved - value * moved.sum(-1, keepdim=True)


def _storage(tensor: Tensor) -> int:
    """Where its values are: a tensor's ``.data`` shares them; 0 where that cannot be told."""
    tensor = _below(tensor)
    return 0 if _odd(tensor) else tensor.untyped_storage().data_ptr()


def _tensors(tree: Any) -> list[Tensor]:
    return [t for t in tree_flatten(tree)[0] if isinstance(t, Tensor)]


def _stacked(data: Any) -> Tensor:
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (list, tuple)):
        parts = [_stacked(d) for d in data]
        common = functools.reduce(torch.promote_types, (p.dtype for p in parts))
        return torch.stack([p.to(common) for p in parts])
    return torch.tensor(data)


@contextlib.contextmanager
def _recording() -> Iterator[None]:
    with torch.inference_mode(False), torch.enable_grad():
        yield


def _wide(value: Any) -> Any:
    if isinstance(value, torch.dtype):
        return WIDE.get(value, value)
    if isinstance(value, Tensor) and value.dtype in WIDE:
        if value.is_leaf and value.requires_grad:
            return value.detach().to(WIDE[value.dtype]).requires_grad_()
        return value.to(WIDE[value.dtype])
    return value


def _nodes(tensors: Iterable[Tensor]) -> Iterator[Any]:
    """The nodes of the graphs below these tensors, each once, in linear time."""
    todo = [t.grad_fn for t in tensors]
    seen = {None}
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            yield node
            todo += [following for following, _ in node.next_functions]


def _leaves(roots: list[Tensor]) -> list[Tensor]:
    """The leaves that a backward pass from these tensors reaches."""
    own = [r for r in roots if r.grad_fn is None and r.requires_grad]
    below = [node.variable for node in _nodes(roots) if hasattr(node, "variable")]
    return list({id(t): t for t in own + below}.values())


def _passed(tensor: Tensor, valves: dict[Key, Valve], known: dict[Any, frozenset]) -> frozenset:
    """The stops whose gates the history of this tensor passes; ``known`` has those of each node."""
    if not valves or tensor.grad_fn is None:
        return frozenset()
    names = {id(valve): key for key, valve in valves.items()}
    todo = [tensor.grad_fn]
    while todo:
        node = todo[-1]
        below = [following for following, _ in node.next_functions if following is not None]
        missing = [following for following in below if following not in known]
        if missing and node not in known:
            todo += missing
            continue
        todo.pop()
        sets = {known[following] for following in below}
        if own := names.get(id(getattr(node, "valve", None))):
            sets.add(frozenset({own}))
        known[node] = sets.pop() if len(sets) == 1 else frozenset().union(*sets)
    return known[tensor.grad_fn]


def _grad(total: Tensor, inputs: list[Tensor]) -> list[Tensor | None]:
    wanted = [t for t in inputs if t.requires_grad]
    if not total.requires_grad or not wanted:
        return [None] * len(inputs)
    found = iter(_pull([total], [torch.ones_like(total)], wanted))
    return [next(found) if t.requires_grad else None for t in inputs]


# ---------------------------------------------------------------------------------------------
# Question 1: where does the gradient stop, and does it matter?


class Check:
    """One loss, its parameters, and what is learned about them."""

    def __init__(self, loss_fn: Callable, params: Any, declared: Iterable[str] = ()) -> None:
        self.declared = tuple(declared)
        self.names, self.params = _named(params, loss_fn)
        self.ids = {id(p) for p in self.params}
        self.narrow = all(p.dtype in WIDE for p in self.params)  # now: runs in float64 change it
        self.storages: set[int] = set()
        self.latest: Watch | None = None
        self.call = _caller(loss_fn, params)
        self.state = State(Reach(loss_fn, params), self.params)
        self.known = {id(t) for t in self.state.tensors}
        self.stops: dict[Key, Stop] = {}
        self.came: dict[Key, list[Tensor | None]] = {}  # the gradient through each that matters
        self.after: dict[Key, set[Key]] = {}  # stops that a value passed before it left PyTorch
        self.partial: set[Key] = set()  # stops of gradients that have a history all the same
        self.writes: list[bool] = []
        self.ends_at_step = self.from_backward = False
        self.passes = 0  # backward passes of a training step: what follows the last reaches no loss
        self.steps: list[Place] = []
        self.left: dict[Key, list] = {}  # what the first run wrote into the parameters
        self.tied: set[Place] = set()  # where it wrote the values of others
        self.unchecked: dict[Place, None] = {}  # changes of the parameters, with gradients after
        self.later: set[Key] = set()  # stops between such a change and such a gradient
        self.foreign: set[int] = set()  # backward passes for another optimizer, by their number
        self.held: dict[Place, str] = {}  # what moves with the parameters and is not let move
        self.inner_steps: dict[Place, None] = {}  # of optimizers of other tensors
        self.asleep: dict[int, Place] = {}  # parameters that are told to require no gradient
        self.by_hand: dict[Place, None] = {}  # where .grad of the parameters is written
        self.notes: list[str] = []

    # -- bookkeeping of stops

    def add(self, key: Key) -> None:
        """Note a stop that is seen for the first time."""
        place, kind = key
        line = linecache.getline(place.file, place.line)
        named = (place.file, os.path.basename(place.file), str(place).rpartition(":")[0])
        listed = any(f"{name}:{place.line}" in self.declared for name in named)
        purpose = kind == "library" or bool(_Declared.depth) or DECLARED in line or listed
        self.stops[key] = Stop(place, kind, intended=purpose)

    def block(self, key: Key, why: str) -> None:
        """Note that a stop cannot be let through."""
        if key in self.stops:
            self.stops[key].blocked = self.stops[key].blocked or why

    def frozen(self, key: Key) -> bool:
        """Whether the values of a stop are held while the parameters move."""
        stop = self.stops.get(key)
        if stop is None or key[1] != "library":
            return stop is not None and stop.intended
        return "spectral_norm" in key[0].inside or "parametrizations" in key[0].inside

    # -- runs

    def reset(self, watch: Watch) -> None:
        """Put everything back, for this run or for the graph that it left."""
        self.state.rewind()
        self.latest = watch
        if watch.seed is not None:
            _perturb(self.params, watch.seed)
        if watch.wide:
            torch.set_default_dtype(torch.float64)
            for replay in self.state.replays.values():
                replay.wide = True
            for tensor, data in zip(self.state.tensors, self.state.data):
                if data.dtype in WIDE and tensor.is_leaf:
                    tensor.grad = None
                    tensor.data = data.to(WIDE[data.dtype])

    def run(self, watch: Watch, seed: int | None = None, moves: Iterable = ()) -> dict[str, Tensor]:
        """Run the loss from the same state, or beside it, by ``seed`` or by these moves of the
        parameters; return its terms."""
        watch.seed = seed
        self.reset(watch)
        for p, move in zip(self.params, moves):
            p.data.add_(move)
        returned = self._execute(watch)
        for p in self.params:  # a step may put its network to sleep at its end
            if p.is_leaf:
                p.requires_grad_()
        if dataclasses.is_dataclass(returned):
            returned = vars(returned)
        if self.from_backward:
            found = watch.roots or watch.dropped
        elif isinstance(returned, Mapping):
            return dict(_terms(returned))
        else:
            found = [_real(t) for t in _tensors(returned)]
        return {"loss" if len(found) == 1 else f"loss {i}": t for i, t in enumerate(found, 1)}

    def _execute(self, watch: Watch) -> Any:
        self.storages = {_storage(p) for p in self.params} - {0}
        hooks: list = []
        with warnings.catch_warnings(), contextlib.redirect_stdout(open(os.devnull, "w")) as quiet:
            warnings.simplefilter("ignore")
            try:
                torch.Tensor._make_subclass = staticmethod(_parameter_maker(watch))
                torch.autograd.Variable.__new__ = staticmethod(_make_variable)
                hooks += self._optimizer_hooks(watch)
                with quiet, _eager(), watch:
                    return self.call()
            except _Stepped:
                return None
            finally:
                torch.Tensor._make_subclass = staticmethod(_make_parameter)
                torch.autograd.Variable.__new__ = _new_variable
                for hook in hooks:
                    hook.remove()

    def _optimizer_hooks(self, watch: Watch) -> list:
        def before(optimizer: torch.optim.Optimizer, args: tuple, kwargs: dict) -> None:
            self.state.save_optimizer(optimizer)
            own = {id(p) for group in optimizer.param_groups for p in group["params"]}
            if own & self.ids:
                if self.ends_at_step and watch.roots:
                    raise _Stepped
                watch.step(_place()[0])
                closure = kwargs.get("closure", (*args, None)[1])
                if closure is not None:  # it may be called again and again: once is enough
                    closure()
                    raise _Stepped
            else:
                self.inner_steps[_place()[0]] = None
                self.foreign |= {n for n, leaves in watch.barren.items() if leaves & own}
            watch.paused += 1

        def after(optimizer: torch.optim.Optimizer, *_: Any) -> None:
            moved = [p for group in optimizer.param_groups for p in group["params"]]
            if self.ends_at_step and self.known.issuperset(map(id, moved)):
                watch.hold(_place()[0], moved)
            watch.paused -= 1

        from torch.optim.optimizer import (
            register_optimizer_step_post_hook, register_optimizer_step_pre_hook,
        )  # fmt: skip

        return [register_optimizer_step_pre_hook(before), register_optimizer_step_post_hook(after)]

    def first(self) -> tuple[float, list[Tensor | None]]:
        """The run as the reader has it: its value, and its gradient."""
        watch = Watch(self)
        self.steps, self.left = watch.stepped, watch.held
        with _reentrant() as blocks:
            terms = self.run(watch)
        roots = watch.roots or watch.dropped
        own = {id(r) for r in roots}
        alive = any(t.requires_grad and id(t) not in own for t in terms.values())
        returned_root = any(id(t) in own for t in terms.values())
        if roots and (not alive or (returned_root and watch.stepped)):
            self.from_backward, self.ends_at_step = True, bool(watch.stepped)
            self.passes = watch.passes
        if roots:  # once more, and keep the graph
            watch = Watch(self, retain=True)
            terms = self.run(watch)
        slopes = _grad(_total(terms), self.params)
        if not terms:
            missing = "loss_fn returns no tensor, and no backward() in it reaches the parameters"
            instead = ": it writes .grad, so give the loss of that gradient instead"
            raise TypeError(missing + (instead if self.by_hand else ""))
        self._unreached(slopes)
        graph = _nodes([t for t in terms.values() if t.requires_grad]) if blocks else ()
        if any(node.name() == "CheckpointFunctionBackward" for node in graph):
            raise RuntimeError("checkpoint(use_reentrant=True) allows no autograd.grad")
        self.writes = watch.writes
        return _total(terms).item(), slopes

    def _unreached(self, slopes: list[Tensor | None]) -> None:
        """Name where parameters without a gradient were told to require none."""
        lost = {id(p) for p, slope in zip(self.params, slopes) if slope is None}
        for place in dict.fromkeys(self.asleep[i] for i in self.asleep if i in lost):
            if len(lost) == len(self.params):
                raise RuntimeError(f"requires_grad=False at {place}, so it does not require grad")
            self.notes.append(f"{place}: requires_grad=False, so these parameters are left out")


@contextlib.contextmanager
def _reentrant() -> Iterator[list]:
    """Give a list that gets an item for each block that runs under a re-entrant checkpoint.

    The graph tells as well, but PyTorch frees one that was walked by recursion, and crashes where
    it is 50,000 nodes deep: so it is walked where there is something to find.
    """
    blocks: list = []
    function = torch.utils.checkpoint.CheckpointFunction
    forward = function.forward

    def noted(ctx: Any, *args: Any) -> Any:
        blocks.append(None)
        return forward(ctx, *args)

    function.forward = staticmethod(noted)
    try:
        yield blocks
    finally:
        function.forward = staticmethod(forward)


def _said(error: BaseException, width: int = 90) -> str:
    """The first line of an error's message, or its kind."""
    return (str(error).splitlines() or [type(error).__name__])[0][:width]


def _eager() -> contextlib.AbstractContextManager:
    """Run compiled parts as they are written: the gates cannot see into them."""
    stance = getattr(torch.compiler, "set_stance", None)
    compiled = "torch._dynamo" in sys.modules  # its import takes seconds
    return stance("force_eager") if stance and compiled else contextlib.nullcontext()


def _parameter_maker(watch: Watch) -> Callable:
    """What makes a Parameter; a tensor with a history loses it there."""

    def make(cls: type, data: Tensor, requires_grad: bool = False, **kwargs: Any) -> Tensor:
        made = _make_parameter(cls, data, requires_grad, **kwargs)
        if data.requires_grad and not watch.paused:
            key = watch._count(watch._key("a new Parameter of a tensor"))
            if watch.shake[0] == key:
                made.data = watch._shaken(made.data)
            if watch._gated(key) and made.requires_grad:
                watch.crossings.append(Crossing(key, data, made, leaf=True))
                watch.valves.setdefault(key, Valve())
            elif not made.requires_grad:
                watch._leak_behind(key, data)
        return made

    return make


def _named(params: Any, loss_fn: Callable) -> tuple[list[str], list[Tensor]]:
    """Names and tensors of what is trained, from a list, a generator, a module or a dictionary."""
    known = _known(loss_fn)
    if params is None:
        params = list(known.values()) or [t for t in Reach(loss_fn).tensors.values() if t.is_leaf]
    if isinstance(params, torch.nn.Module):
        params = dict(params.named_parameters())
    if not isinstance(params, Mapping):
        params = getattr(params, "param_groups", params)  # of an optimizer
        given = [params] if isinstance(params, Tensor) else list(params)
        groups = [list(g.parameters()) if isinstance(g, torch.nn.Module) else g for g in given]
        groups = [g["params"] if isinstance(g, dict) else g for g in groups]
        groups = [g if isinstance(g, list) else [g] for g in groups]
        names = {id(p): name for name, p in known.items()}
        pairs = [
            p if isinstance(p, tuple) else (names.get(id(p)), p) for group in groups for p in group
        ]
        params = {}
        for number, (name, tensor) in enumerate(pairs):
            params[name if name and name not in params else f"parameter {number}"] = tensor
    kept = {n: p for n, p in params.items() if isinstance(p, Tensor) and p.requires_grad}
    if not kept:
        raise ValueError("no parameter requires a gradient (a generator that was used before?)")
    unique = {id(p): (n, p) for n, p in kept.items()}
    return [n for n, _ in unique.values()], [p for _, p in unique.values()]


def _known(loss_fn: Callable) -> dict[str, Tensor]:
    """The parameters of all modules in reach, each with the name that the largest gives it."""
    modules = [list(m.named_parameters()) for m in Reach(loss_fn).modules.values()]
    names = {id(p): (n, p) for named in sorted(modules, key=len) for n, p in named}
    found: dict[str, Tensor] = {}
    for name, p in names.values():
        found[name if name not in found else f"{name} ({len(found)})"] = p
    return found


def _caller(loss_fn: Callable, params: Any) -> Callable[[], Any]:
    """The loss without arguments; a function of one argument gets the dictionary of parameters."""
    try:
        needed = [
            p for p in inspect.signature(loss_fn).parameters.values()
            if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]  # fmt: skip
    except (TypeError, ValueError):
        needed = []
    if needed and isinstance(params, Mapping):
        return lambda: loss_fn(params)
    if needed:
        raise TypeError(f"loss_fn needs {needed[0].name}: pass a function without arguments")
    return loss_fn


def _real(tensor: Tensor) -> Tensor:
    return torch.view_as_real(tensor).sum() if tensor.is_complex() else tensor


def _terms(returned: Mapping, outer: str = "") -> Iterator[tuple[str, Tensor]]:
    """The tensors of a dictionary by name, also in what it holds."""
    for name, value in returned.items():
        if isinstance(value, Mapping):
            yield from _terms(value, f"{outer}{name}.")
        elif isinstance(value, Tensor):
            yield f"{outer}{name}", _real(value)
        else:
            yield from _terms(dict(enumerate(_tensors(value), 1)), f"{outer}{name} ")


def _total(terms: Mapping[str, Tensor]) -> Tensor:
    return sum((t.sum() for t in terms.values()), torch.zeros(()))


def _added(slopes: Iterable[Tensor | None]) -> Tensor | None:
    kept = [s for s in slopes if s is not None]
    return sum(kept) if kept else None


def _norm(tensors: Iterable[Tensor | None]) -> float:
    parts = [t.detach().abs().double().norm().item() for t in tensors if t is not None]
    return math.sqrt(sum(p**2 for p in parts))


def _dot(gradient: Tensor, move: Tensor) -> float:
    """How a quantity changes along a move; PyTorch's gradient of complex tensors is conjugate."""
    return (gradient.conj().to(move) * move).sum().real.item()


def _some(tensor: Tensor) -> bool:
    """Whether it has an entry that is not zero (nan is not)."""
    return bool((tensor != 0).any())


def _perturb(params: list[Tensor], seed: int, share: float = 1e-3) -> None:
    generator = torch.Generator().manual_seed(seed)
    for p in params:
        if p.is_leaf and p.is_floating_point():
            noise = torch.rand(p.shape, generator=generator).to(p)
            p.data.mul_(1 + share * (2 * noise - 1))


class Gates:
    """The graph of one run with gates, and what comes through each."""

    def __init__(
        self, check: Check, only: set[Key] | None = None, seed: int | None = None,
        wide: bool = False,
    ) -> None:  # fmt: skip
        self.check, self.watch = check, Watch(check, gates=True, only=only, wide=wide)
        self._beside: dict[tuple[int, bool], Gates] = {}
        self.total = _total(check.run(self.watch, seed))
        self.value = self.total.item()
        self.leaves = [c for c in self.watch.crossings if c.leaf]

    def beside(self, seed: int, wide: bool = False) -> Gates:
        """The same at slightly other parameters, made anew if the parameters moved since."""
        kept = self._beside.get((seed, wide))
        if kept is None or self.check.latest is not kept.watch:
            kept = self._beside[seed, wide] = Gates(self.check, self.watch.only, seed, wide)
        return kept

    def pull(self, outputs, weights, inputs, opened: Iterable[Key] = ()) -> list[Tensor | None]:
        """The gradient of the outputs, with the gates of these stops open."""
        if self.check.latest is not self.watch:  # the graph uses the parameters of its own run
            self.check.reset(self.watch)
        for key, valve in self.watch.valves.items():
            valve.open = key in opened
        leaves = [c for c in self.leaves if c.key in opened]
        wanted = list(inputs) + [c.after for c in leaves]
        found = _pull(outputs, weights, wanted)
        for number in reversed(range(len(leaves))):
            weight = found[len(inputs) + number]
            if weight is not None:
                more = _pull([leaves[number].before], [weight], wanted)
                found = [_added(pair) for pair in zip(found, more)]
        return found[: len(inputs)]

    def of_sources(self, sources: list[Tensor]) -> list[Tensor | None]:
        """How these change with the parameters, with all gates open."""
        return self.pull(sources, _weights(sources), self.check.params, self.watch.valves)

    def of_loss(self, inputs: list[Tensor], opened: Iterable[Key] = ()) -> list[Tensor | None]:
        """The gradient of the loss; with each gate closed that of the code as it is."""
        return self.pull([self.total], [torch.ones_like(self.total)], inputs, opened)

    def through(self, key: Key, others: set[Key], sources: Any = None) -> list[Tensor | None]:
        """What comes through the gates of one stop, with those of others open, too, to the loss."""
        crossings = [c for c in self.watch.crossings if c.key == key]
        if key in self.watch.wrapped and not sources:
            params = self.check.params
            pairs = zip(self.of_loss(params, others | {key}), self.of_loss(params, others - {key}))
            return [a if b is None or a is None else a - b for a, b in pairs]
        after, sources = [c.after for c in crossings], sources or [self.total]
        weights = self.pull(sources, _weights(sources), after, others - {key})
        live = [(c.before, w) for c, w in zip(crossings, weights) if w is not None and _some(w)]
        if not live:
            return [None] * len(self.check.params)
        return self.pull(*zip(*live), self.check.params, others | {key})


def _weights(tensors: list[Tensor]) -> list[Tensor]:
    """Ones for single numbers; else at random, since a plain sum may not depend on anything."""
    drawn = torch.Generator().manual_seed(5)
    return [
        torch.ones_like(t) if t.numel() == 1 else torch.rand(t.shape, generator=drawn).to(t)
        for t in tensors
    ]


def _pull(outputs, weights, inputs) -> list[Tensor | None]:
    pairs = [(o, w) for o, w in zip(outputs, weights) if o.requires_grad and w is not None]
    if not pairs or not inputs:
        return [None] * len(inputs)
    outs, grads = zip(*pairs)
    found = torch.autograd.grad(outs, inputs, grads, retain_graph=True, allow_unused=True)
    return [g.to_dense() if g is not None and g.is_sparse else g for g in found]


def question_one(check: Check) -> None:
    """Find the effect of each stop of the loss."""
    value, slopes = check.first()
    keys = [k for k in check.stops if k[1] != "library"]
    if not keys:
        return
    whole = _norm(slopes)
    gates, trusted = _gates(check, value, slopes, None)
    single = {} if trusted else {k: _gates(check, value, slopes, {k}) for k in keys}
    small: dict[Key, list[tuple]] = {}
    leaks: dict[Key, float | None] = {}
    for key in [k for k in check.stops if k[1] != "library"]:
        graph, good = (gates, True) if trusted else single.get(key, (None, False))
        stop = check.stops[key]
        if good:
            stop.calls = graph.watch.stops.get(key, 0)
            small[key] = _effect(graph, stop, key, whole)
        if not stop.matters and (not good or stop.blocked or key in graph.watch.escapes):
            sources = _sources(graph, key)
            if graph is None or _reached(graph, key, sources):
                leaks[key] = _relative(graph, sources)
    for key, found in small.items():  # now: runs in float64 cut the graphs off the parameters
        stop = check.stops[key]
        for beside, others, came in found:
            came = None if stop.matters else _beyond_rounding(beside, key, others, came)
            if came:
                stop.matters, stop.effect, check.came[key] = True, _norm(came) / whole, came
    unmeasured = {key: size for key, size in leaks.items() if not check.stops[key].matters}
    for key, size in unmeasured.items():
        _shake(check, key, size / whole if size and whole else None)
    for key in check.later if check.ends_at_step else ():
        stop = check.stops[key]
        if not stop.calls and stop.kind not in QUIET:
            stop.matters = None
    for key, earlier in check.after.items():
        before = [check.stops[k] for k in earlier & unmeasured.keys()]
        if any(stop.matters and stop.blocked for stop in before):
            check.stops[key].matters, check.stops[key].effect = True, None


def _gates(check, value, slopes, only) -> tuple[Gates | None, bool]:
    """The gates' graph, and whether it computes what the plain run does."""
    graph, why = None, "let through, the code computes something else"
    try:
        graph = Gates(check, only)
        if _close(graph.value, value) and _alike(graph.of_loss(check.params), slopes):
            return graph, True
    except Exception as error:  # whatever the reader's code says to a tensor with a history
        graph, why = None, f"let through, the code raises: {_said(error)}"
    for key in only or ():
        check.block(key, why)
    return graph, False


def _close(a: float, b: float) -> bool:
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-5 * (abs(a) + abs(b))


def _alike(some: list[Tensor | None], others: list[Tensor | None]) -> bool:
    gaps = [a if b is None else b if a is None else a - b for a, b in zip(some, others)]
    gap = _norm(gaps)
    return gap != gap or gap <= 1e-3 * max(_norm(some), _norm(others))


def _effect(graph: Gates, stop: Stop, key: Key, whole: float) -> list[tuple]:
    """Compare the gradient of the loss with the stop let through, and without.

    Returns what came through and is so small that it may be rounding: (graph, others, gradient).
    """
    small = []
    intended = {k for k, s in graph.check.stops.items() if s.intended}
    for others in (set(), set(graph.watch.valves) - {key} - intended):
        try:
            came = graph.through(key, others)
        except RuntimeError as error:
            graph.check.block(key, f"let through: {_said(error)}")
            return small
        size = _norm(came)
        if size <= 1e-4 * whole and (size or key in graph.watch.wrapped):
            small.append((graph, others, came))
        elif size:
            stop.matters, stop.effect = True, size / whole if whole else math.inf
            graph.check.came[key] = came
            return []
    return small


def _beyond_rounding(graph: Gates, key: Key, others: set[Key], came: list) -> list | None:
    """What came through, unless it is noise, which is next to none in float64, and another one
    beside the point.

    Float64 draws other random numbers, so only the size is compared there.
    """
    size = _norm(came)
    if graph.check.narrow:
        with contextlib.suppress(Exception):
            wide = graph.beside(7, wide=True)
            fine = wide.through(key, others)
            if key in graph.watch.wrapped:  # a difference of gradients, in which float32 drowns it
                whole = _norm(wide.of_loss(graph.check.params))
                return fine if _norm(fine) > 1e-13 * whole else None
            return came if _norm(fine) > 1e-3 * size else None
    steady = all(_same(came, size, graph.beside(s).through(key, others)) for s in (7, 8))
    return came if steady else None


def _same(some: list[Tensor | None], size: float, others: list[Tensor | None]) -> bool:
    pairs = [(a, b) for a, b in zip(some, others) if a is not None and b is not None]
    return sum(itertools.starmap(_dot, pairs)) > 0.8 * max(size, _norm(others)) ** 2


SCALES = (1e-6, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6, 1e8)


def _shake(check: Check, key: Key, size: float | None) -> None:
    """Judge a stop that cannot be let through by whether the loss grows with its value.

    A value that only decides a branch makes the loss jump, and rounding does not grow. ``size`` is
    how much a single number changes with the parameters, relative to the gradient of the loss.
    """
    stop = check.stops[key]
    stop.blocked = stop.blocked or "the value leaves PyTorch"
    wide = check.narrow and not math.isnan(_moved_by(check, key, 0.0, True))
    start, seen = _moved_by(check, key, 0.0, wide), []
    fine = wide or not check.narrow
    rounding = 50 * torch.finfo(torch.float64 if fine else torch.float32).eps * abs(start)
    for share in SCALES[:5] if fine else SCALES:
        change = abs(_moved_by(check, key, share, wide) - start)
        least = rounding * max(1.0, share)
        jumped = not seen and share > SCALES[0] and change > 1e4 * least  # as an argmin does
        if least < change < math.inf and not jumped:
            seen.append(change)
            if len(seen) > 1 and change > 3 * seen[-2]:
                stop.matters, stop.effect = True, None
                if size:
                    share = min(share, 1e-2)
                    up, down = (_moved_by(check, key, h, wide) for h in (share, -share))
                    stop.effect = abs(up - down) / (2 * share) * size or None
                return


def _moved_by(check: Check, key: Key, share: float, wide: bool) -> float:
    """The loss with the value behind a stop changed by a share; nan where the code refuses."""
    try:
        return _total(check.run(Watch(check, shake=(key, share), wide=wide))).item()
    except Exception:
        return math.nan


def _sources(graph: Gates | None, key: Key) -> list[Tensor]:
    """What left PyTorch behind a stop, or else what stood before it."""
    if graph is None:
        return []
    gated = [c.before for c in graph.watch.crossings if c.key == key]
    return [t for t in graph.watch.escapes.get(key) or gated if t.requires_grad]


def _reached(graph: Gates, key: Key, sources: list[Tensor]) -> bool:
    """Whether these depend on the parameters; where they passed gates of the stop, through them."""
    try:
        found = graph.of_sources(sources)
        gated = [_passed(t, graph.watch.valves, graph.watch.known) for t in sources]
        if any(key in keys for keys in gated) or any(c.key == key for c in graph.leaves):
            came = graph.through(key, set(graph.watch.valves), sources)
            return not _norm(came) <= 1e-4 * _norm(found)
        return any(f is not None for f in found)
    except RuntimeError:
        return True


def _relative(graph: Gates | None, sources: list[Tensor]) -> float | None:
    """How a single number changes with the parameters, relative to itself; None for others."""
    if len(sources) != 1 or sources[0].numel() != 1 or not sources[0].item():
        return None
    with contextlib.suppress(RuntimeError):
        return _norm(graph.of_sources(sources)) / abs(sources[0].item())
    return None


# ---------------------------------------------------------------------------------------------
# Question 2: is the gradient the derivative of the loss?


class Slopes:
    """The loss, its terms and its inner gradients along lines through the parameters."""

    def __init__(self, check: Check, wide: bool) -> None:
        self.check, self.wide, self.params = check, wide, check.params
        watch = Watch(check, wide=wide, values={}, retain=True, sums=True)
        terms = check.run(watch)
        self.values = watch.held
        several = terms if len(terms) > 1 else {}
        # A constant that moves is a gradient lost where no stop was seen.
        self.constants = not any(s.matters and not s.intended for s in check.stops.values())
        total, parts = _total(terms), watch.parts(terms, self.constants)
        if watch.group > 1:
            check.notes.append(f"more than 32 summands, so each {watch.group} are compared as one")
        self.finite, self.summands = math.isfinite(total.item()), len(parts)
        sizes = (_norm([p]) for p in self.params)
        self.sizes = [size if size < math.inf else 1.0 for size in sizes]  # nan is not
        narrowest = max(
            (torch.finfo(p.dtype).eps for p in self.params if p.is_floating_point()), default=1e-7
        )
        self.eps = torch.finfo(torch.float64).eps if wide else narrowest
        self.names = ["the loss", *(f"term {n}" for n in several)]
        self.names += [f"summand {number}" for number in range(1, len(parts) + 1)]
        outputs = [total, *several.values(), *parts]
        self.claims = [_grad(o.sum(), self.params) for o in outputs]
        self.weights: dict[Key, list[Tensor | None]] = {}
        self.shares: dict[Key, list[list[Tensor | None]]] = {}  # of each output, for ``outer``
        for key, tensors in watch.inner.items():
            weights = _grad(total, tensors)
            if any(w is not None for w in weights):
                self.weights[key] = weights
                self.names.append(f"{key[0]}: inner gradient")
                self.claims.append(_pull(tensors, weights, self.params))
                self.shares[key] = [_grad(o.sum(), tensors) for o in outputs]
        self.inner = {k: [t.detach() for t in v] for k, v in watch.inner.items()}
        self.start = self.at(None, 0.0)

    def at(self, direction: list[Tensor] | None, distance: float, push=(None, [])) -> list[float]:
        """Each quantity at this distance from the parameters; errors of the reader's code pass."""
        watch = Watch(self.check, wide=self.wide, values=self.values, push=push, sums=True)
        terms = self.check.run(watch, moves=[v * distance for v in direction or ()])
        found = [_total(terms).item()]
        found += [t.sum().item() for t in terms.values()] if len(terms) > 1 else []
        parts = [p.item() for p in watch.parts(terms, self.constants)]
        found += (parts + [math.nan] * self.summands)[: self.summands]
        for key, weights in self.weights.items():
            pairs = zip(weights, watch.inner.get(key, []))
            found.append(sum(_dot(w, t.detach()) for w, t in pairs if w is not None))
        return found

    def direction(self, seed: int, only: int | None = None) -> list[Tensor]:
        """A direction of length one: random, and along each claimed gradient."""
        generator = torch.Generator().manual_seed(seed)
        total = None
        for claim in [None, *self.claims]:
            parts = [self._part(claim, i, generator, only) for i in range(len(self.params))]
            size = _norm(parts)
            if 0 < size < math.inf:
                sign = -1 if total and sum(map(_dot, total, parts)) < 0 else 1  # never cancel
                parts = [sign * p / size for p in parts]
                total = [a + b for a, b in zip(total, parts)] if total else parts
        size = _norm(total)
        return [t / size for t in total]

    def _toward(self, gradient: list[Tensor | None]) -> list[Tensor]:
        parts = [self._part(gradient, i, None, None) for i in range(len(self.params))]
        size = _norm(parts)
        return [p / size for p in parts]

    def _part(self, claim, number, generator, only):
        p = self.params[number]
        dtype = WIDE.get(p.dtype, p.dtype) if self.wide else p.dtype
        like = {"dtype": dtype, "device": p.device}
        if only not in (None, number) or (claim and claim[number] is None):
            return torch.zeros(p.shape, **like)
        if claim:
            return claim[number].to(**like)
        scale = (self.sizes[number] or 1.0) / math.sqrt(max(p.numel(), 1))
        return (torch.randn(p.shape, generator=generator, dtype=torch.float64) * scale).to(**like)

    def compare(self, seed: int, only: int | None = None, along: list | None = None) -> list[Slope]:
        """All slopes along one direction, which can be given."""
        direction = self._toward(along) if along else self.direction(seed, only)
        length = math.sqrt(sum(s * s for s in self.sizes)) or 1.0
        found = _differences(lambda h: self.at(direction, h), length, self.eps, len(self.names))
        slopes = []
        for name, claim, differed in zip(self.names, self.claims, found):
            told = sum(_dot(c, v) for c, v in zip(claim, direction) if c is not None)
            scale = max(abs(told), abs(differed[0]), 1e-3 * _norm(claim))
            slopes.append(self._judged(name, told, scale, *differed))
        return slopes

    def outer(self, key: Key) -> list[Slope]:
        """How the loss, and each of its summands, changes with an inner gradient."""
        generator = torch.Generator().manual_seed(3)
        moves, size = [], _norm(self.inner[key]) or 1.0
        for tensor, weight in zip(self.inner[key], self.weights[key]):
            drawn = torch.randn(tensor.shape, generator=generator, dtype=torch.float64)
            move = drawn.to(tensor) / math.sqrt(max(tensor.numel(), 1) * len(self.inner[key]))
            if weight is None:  # a constant: autograd says nothing of it
                move = torch.zeros_like(tensor)
            elif _some(weight):
                move = move + weight / weight.norm()
            moves.append(move)
        shares = self.shares[key]

        def at(h: float) -> list[float]:
            return self.at(None, 0.0, push=(key, [h * m for m in moves]))[: len(shares)]

        slopes, found = [], _differences(at, size, self.eps, len(shares))
        for name, share, differed in zip(self.names, shares, found):
            told = sum(_dot(w, m) for w, m in zip(share, moves) if w is not None)
            title = f"{key[0]}: from the inner gradient to {name}"
            scale = max(abs(told), abs(differed[0]))
            slopes.append(self._judged(title, told, scale, *differed))
        return slopes

    def _judged(self, name, told, scale, difference, error, why) -> Slope:
        """The verdict on one slope; a gradient of nan is wrong where the loss is a number."""
        gap = abs(told - difference)
        if gap != gap or scale == math.inf:
            ok = False if told != told and self.finite else None
            return Slope(name, told, difference, error, 1.0, ok, "nan")
        share = 1e-6 if self.wide else 1e-4
        if gap <= share * scale + 5 * error or scale == 0:
            ok = True if error <= 0.02 * scale or told == 0 else None
        else:
            ok = False if gap > 20 * error + 10 * share * scale else None
            if 2 * error <= share * scale:
                why = "so little may be the error of the differences"
        return Slope(name, told, difference, error, scale, ok, why if ok is None else "")


def _differences(at, length, eps, count) -> list[tuple[float, float, str]]:
    """Central differences with shrinking steps, extrapolated: (slope, error, why unsure) each.

    The error is the larger of what the extrapolation still moved and of the rounding; a kink
    shows as steps that do not settle.
    """
    best = [(math.nan, math.inf, "")] * count
    rows: list[list[list[float]]] = [[] for _ in range(count)]
    for number in range(9 if eps < 1e-12 else 6):
        step = (1e-2 if eps < 1e-12 else 3e-2) * length / 5**number
        try:
            up, down = at(step), at(-step)
        except Exception:  # the reader's code may not run beside its point
            continue
        for i in range(count):
            row = [(up[i] - down[i]) / (2 * step)]
            last = rows[i][-1] if rows[i] else []
            for k in range(min(len(last), 3)):
                row.append(row[k] + (row[k] - last[k]) / (25.0 ** (k + 1) - 1))
            rows[i].append(row)
            noise = 4 * eps * max(abs(up[i]), abs(down[i])) / step
            best[i] = min(best[i], _settled(rows[i], noise), key=lambda b: b[1])
        if number > 2 and all(b[1] <= 1e-7 * abs(b[0]) for b in best):
            break
    return best


def _settled(rows: list[list[float]], noise: float) -> tuple[float, float, str]:
    if len(rows) < 3:
        return math.nan, math.inf, ""
    a, b, c = rows[-3:]
    answers = [(c[0], max(abs(c[0] - b[0]), abs(b[0] - a[0])))]
    if len(c) > 2:
        answers.append((c[1], max(abs(c[1] - b[1]), abs(c[1] - c[2]), abs(b[1] - a[-1]) / 5)))
    slope, moved = min(answers, key=lambda x: x[1] if x[1] == x[1] else math.inf)
    if not math.isfinite(slope):
        return math.nan, math.inf, "nan"
    why = "rounding hides the difference" if noise > moved else "the steps do not settle: a kink"
    return slope, moved + noise, why


def question_two(check: Check) -> list[Slope]:
    """Compare autograd's slopes with differences."""
    slopes = _slopes(check)
    if slopes is None:
        return []
    found = slopes.compare(seed=1)
    explained = any(s.matters and not s.intended for s in check.stops.values())
    if any(s.ok is not True for s in found) and not explained:
        found = [_second(a, b) for a, b in zip(found, slopes.compare(seed=2))]
    wrong = [i for i, s in enumerate(found) if s.ok is False]
    for stop in check.stops.values() if wrong and not explained else ():
        last = check.ends_at_step and stop.kind == BACKWARD  # of a training step
        if stop.kind in (BACKWARD, GRAD) and stop.blocked and not (stop.matters or last):
            stop.matters = None  # a hook may have kept what its result does not show
    found += [s for key in list(slopes.weights)[:8] for s in slopes.outer(key)]
    if all(s.ok for s in found):
        _acquit(check, slopes)
    if wrong and not explained and len(check.params) <= 40:
        check.notes += _blame(check, slopes, wrong)
    return found


def _acquit(check: Check, slopes: Slopes) -> None:
    """Let go the stops without which the loss has the right slope along what comes through them.

    So it is where a hook puts the gradient in that the stop keeps out, as in an implicit layer.
    """
    for key, came in check.came.items():
        stop = check.stops[key]
        if stop.intended or not stop.matters:
            continue
        along = slopes.compare(seed=1, along=came)[0]
        size = _norm(came)
        if along.ok and size > 20 * along.error + 1e-4 * along.scale:
            stop.matters, stop.acquitted = False, True


def _second(one: Slope, other: Slope) -> Slope:
    """The verdict of two directions: wrong if both say so or one does and none says right."""
    if {one.ok, other.ok} == {True, False}:
        wrong = one if one.ok is False else other
        return wrong if wrong.error < 1e-3 * wrong.scale else dataclasses.replace(wrong, ok=None)
    return next(s for ok in (True, False, None) for s in (one, other) if s.ok is ok)


def _slopes(check: Check) -> Slopes | None:
    why = ""
    for wide in (True, False):
        try:
            slopes = Slopes(check, wide)
        except Exception as error:
            why = _said(error)
            continue
        if all(map(_close, slopes.start, slopes.at(None, 0.0))):
            if not wide:
                check.notes.append(f"differences in the code's own precision, since float64: {why}")
            return slopes
        why = "the loss is another one at each call"
    check.notes.append(f"no differences: {why}")
    return None


def _blame(check: Check, slopes: Slopes, wrong: list[int]) -> list[str]:
    """Name the parameters along which a slope is off."""
    off = []
    for number, name in enumerate(check.names):
        along = slopes.compare(seed=1, only=number)
        gaps = [abs(along[i].autograd - along[i].difference) for i in wrong if along[i].ok is False]
        if gaps:
            off.append((max(gaps), name))
    names = ", ".join(name for _, name in sorted(off, reverse=True)[:4])
    return [f"off along: {names}"] if names else []


# ---------------------------------------------------------------------------------------------
# The doors


def check(
    loss_fn: Callable[..., Any],
    params: Any = None,
    *,
    intended: Iterable[str] = (),
    terms: Mapping[str, Callable[[], Tensor]] | None = None,
    differences: bool = True,
) -> Report:
    """Find the stops that matter in a loss, and compare its gradient with differences.

    ``loss_fn`` is the loss, or a whole training step: it returns a tensor, several (a tuple, or a
    dictionary or dataclass of named terms), or calls ``backward()``. ``params`` is what is trained:
    a list, a generator, a module, an optimizer, or a dictionary, which a ``loss_fn`` of one
    argument is given; without it, the parameters of the modules that ``loss_fn`` can reach.
    ``intended`` lists stops on purpose, as ``"train.py:52"``. ``terms`` are further functions, each
    compared by itself.
    Everything is put back, also when the loss raises. Raises what the loss raises.
    """
    if isinstance(params, Iterator):
        params = list(params)
    session = Check(loss_fn, params, intended)
    slopes: list[Slope] = []
    ok: bool | None = True
    try:
        question_one(session)
        slopes = question_two(session) if differences else []
    except RuntimeError as error:
        ok = _explain(session, error)
    finally:
        try:
            session.state.close()
        except KeyboardInterrupt:  # it was not done, and can be begun anew
            session.state.close()
            raise
    for name, term in (terms or {}).items():
        part = check(term, params, intended=intended, differences=differences)
        slopes += [dataclasses.replace(s, name=f"{name}: {s.name}") for s in part.slopes]
        session.stops |= {(s.place, s.kind): s for s in part.stops if s.matters}
    session.notes += [f"{place}: held fixed, {what}" for place, what in session.held.items()]
    session.notes += [f"{place}: writes .grad, which is not checked" for place in session.by_hand]
    if session.ends_at_step:
        unchecked = "changes the parameters, so what follows is not checked"
        session.notes += [f"{place}: {unchecked}" for place in session.unchecked]
    stops = list(session.stops.values())
    lost = [s for s in stops if s.matters and not s.intended]
    if any(s.place.inside == COPY for s in lost):
        passed = "an optimizer's step, which no gradient passes either"
        session.notes += [f"{place}: {passed}" for place in session.inner_steps]
    if lost or any(s.ok is False for s in slopes):
        ok = False
    elif ok and differences and not (slopes and slopes[0].ok):
        ok = None
    return Report(ok, stops, slopes, list(dict.fromkeys(session.notes)))


def against(
    reference: Callable[..., Tensor],
    kernel: Callable[..., Tensor],
    inputs: Iterable[Tensor],
    *,
    directions: int = 8,
) -> Report:
    """Compare a kernel that exists in half precision only with a reference in float64.

    Both map tensors of the same shapes to one tensor; ``inputs`` are the kernel's, of any dtype,
    and the reference gets the same values in float64. Along random directions, the first and the
    second derivative are compared. The kernel's own rounding is taken from how well its values and
    its first derivative agree: a second derivative that is off by ten times more is wrong.
    Returns a report with three slopes, whose ``error`` is what agreement can be expected to be.
    """
    given = [t.detach() for t in inputs]
    wide = [t.to(torch.float64) if t.is_floating_point() else t for t in given]
    pairs = [
        list(zip(_derivatives(kernel, given, seed), _derivatives(reference, wide, seed)))
        for seed in range(directions)
    ]
    slopes: list[Slope] = []
    floor = max(torch.finfo(t.dtype).eps for t in given if t.is_floating_point())
    for name, found in zip(("values", "first derivative", "second derivative"), zip(*pairs)):
        scale = math.sqrt(sum(b * b for _, b in found)) or 1.0
        off = math.sqrt(sum((a - b) ** 2 for a, b in found)) / scale
        expected = 10 * max([floor, *(s.error / s.scale for s in slopes)])
        told = f"of which its rounding explains {_percent(expected)}"
        slopes.append(Slope(name, *found[0], off * scale, scale, off <= expected, told))
        if not slopes[-1].ok:
            break
    return Report(all(s.ok for s in slopes), [], slopes, [])


def _derivatives(function, inputs, seed) -> tuple[float, float, float]:
    """Along random directions: the function, its first derivative, and its second."""
    drawn = torch.Generator().manual_seed(seed)
    inputs = [t.clone().requires_grad_(t.is_floating_point()) for t in inputs]
    wanted = [t for t in inputs if t.requires_grad]

    def along(tensor: Tensor) -> Tensor:
        weights = torch.randn(tensor.shape, generator=drawn, dtype=torch.float64)
        return (tensor.double() * weights.to(tensor.device)).sum()

    value = along(function(*inputs))
    first = torch.autograd.grad(value, wanted, create_graph=True, materialize_grads=True)
    slope = sum(map(along, first))
    if not slope.requires_grad:
        return value.item(), slope.item(), 0.0
    second = torch.autograd.grad(slope, wanted, materialize_grads=True)
    return value.item(), slope.item(), sum(map(along, second)).item()


# Words of the messages with which autograd refuses.
REFUSALS = (
    "inplace", "nference tensors", "second time", "does not require grad", "not implemented",
    "derivative", "differentiate", "not have been used",
)  # fmt: skip


def _explain(session: Check, error: RuntimeError) -> bool | None:
    """An error of autograd is an answer; every other one is the reader's."""
    said = _said(error, 160)
    if "use_reentrant" in said:
        session.notes.append(f"cannot be checked: {said[:120]}")
        for stop in session.stops.values():
            stop.matters = stop.matters or None
        return None
    if not any(sign in said for sign in REFUSALS):
        raise error
    session.notes.append(f"its gradient raises: {said}")
    for stop in session.stops.values():
        stop.matters = stop.matters or None
    for place in dict.fromkeys(session.steps) if "inplace" in said else ():
        session.notes.append(f"{place}: changes the parameters in place, after they were used")
    return False


def main(arguments: list[str] | None = None) -> int:
    """``python lostgrad.py train.py:loss_fn``: print the report; 0 right, 1 wrong, 2 unsure."""
    parser = argparse.ArgumentParser(
        prog="lostgrad", description="Find where a loss loses its gradient."
    )
    parser.add_argument("loss", help="FILE.py:FUNCTION")
    parser.add_argument("--params", help="a module or a list in the same file")
    parser.add_argument("--intended", nargs="*", default=[], metavar="FILE.py:LINE")
    chosen = parser.parse_args(arguments)
    path, _, name = chosen.loss.rpartition(":")
    if not os.path.isfile(path):
        parser.error(f"no file '{path or name}': give FILE.py:FUNCTION")
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec.loader.exec_module(module)
    for wanted in (name, *([chosen.params] if chosen.params else [])):
        if not hasattr(module, wanted):
            parser.error(f"no '{wanted}' in {path}")
    params = getattr(module, chosen.params) if chosen.params else None
    report = check(getattr(module, name), params, intended=chosen.intended)
    print(report)
    return {True: 0, False: 1, None: 2}[report.ok]


if __name__ == "__main__" and len(sys.argv) > 1:
    sys.exit(main())
