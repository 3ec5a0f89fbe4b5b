"""Find where a training loss loses its gradient.  One file, nothing but PyTorch.

    from lostgrad import check
    print(check(loss_fn, net.parameters()))          # in a notebook or a script
    assert check(loss_fn, net.parameters()).ok       # in a test suite
    python lostgrad.py train.py:loss_fn              # in a shell: exit status 0, 1 or 2

It asks two questions that do not share a mistake.  *Where does the gradient stop, and does it
matter?*  Each place where PyTorch stops a gradient gets a gate; the gates are opened one at a
time, all, and all but one, and what comes through is the effect.  No step size, any dtype.
*Is the gradient the derivative of the loss?*  Slopes are compared with extrapolated differences,
in float64 where the code allows, for the loss, each term and each inner gradient separately.

A stop that is on purpose is declared by a comment ``# stop: intended`` on its line, by
``intended=["train.py:52"]`` or by ``with intended():`` around it.
"""

# ruff: noqa: PTH100, PTH117, PTH119, PTH120, PTH123
from __future__ import annotations

import argparse
import contextlib
import copy
import dataclasses
import functools
import importlib.util
import inspect
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
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_flatten, tree_map

Tensor = torch.Tensor
HERE = os.path.abspath(__file__)
TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
LIBRARIES = tuple(
    {os.path.abspath(sysconfig.get_path(n)) + os.sep for n in ("stdlib", "purelib", "platlib")}
)
#: Parts of PyTorch that stop gradients of their own, by design: they are held fixed, not judged.
BY_DESIGN = tuple(
    TORCH + name.replace("/", os.sep)
    for name in (
        "nn/utils/parametrizations.py",
        "nn/utils/spectral_norm.py",
        "nn/parallel/",
        "distributed/",
        "optim/",
        "utils/checkpoint.py",
        "utils/data/",
        "amp/",
        "_functorch/",
        "func/",
        "_dynamo/",
        "nn/init.py",
    )
)
DECLARED = "# stop: intended"


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
        path = os.path.relpath(self.file) if os.path.isabs(self.file) else self.file
        path = self.file if path.startswith("..") else path
        return f"{path}:{self.line}"


@dataclasses.dataclass
class Stop:
    """A place where PyTorch stops a gradient.

    ``effect`` is how much the gradient of the loss changes once it is let through, relative to
    the gradient as it is: 0.0 where it changes nothing, ``inf`` where there is no gradient
    without it, None where the size is not known, ``nan`` where letting it through gives nan.
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

    def __str__(self) -> str:
        inside = f" (in {self.place.inside})" if self.place.inside else ""
        return f"{self.place}: {self.kind}{inside}: {self._effect()}"

    def _effect(self) -> str:
        if not self.matters:
            return "changes nothing" if self.matters is False else "not judged"
        if self.effect is None:
            said = f"its values reach the loss, their gradient does not ({self.blocked})"
        elif math.isnan(self.effect):
            said = "let through, it makes the gradient of the loss nan"
        elif math.isinf(self.effect):
            said = "without it the loss has no gradient at all"
        else:
            said = f"let through, it changes the gradient of the loss by {_percent(self.effect)}"
            said += f" ({self.blocked})" if self.blocked else ""
        return said + (", on purpose" if self.intended else "")


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
        told = f"autograd {self.autograd:.5g}, differences {self.difference:.5g}"
        if self.ok:
            return f"{self.name}: right ({told})"
        verdict = "WRONG" if self.ok is False else "unsure"
        return f"{self.name}: {verdict} ({told}{self.why})"


@dataclasses.dataclass
class Report:
    """What ``check`` found: ``ok`` is True, False, or None where it cannot say."""

    ok: bool | None
    stops: list[Stop]
    slopes: list[Slope]
    notes: list[str]

    def __bool__(self) -> bool:
        return self.ok is True

    def __str__(self) -> str:
        head = {True: "right", False: "WRONG", None: "unsure"}[self.ok]
        lines = [f"lostgrad: {head}"]
        shown = sorted(self.stops, key=lambda s: (s.intended or not s.matters, s.intended))
        lines += [f"  {stop}" for stop in shown if stop.matters or stop.kind != "library"]
        lines += [f"  {slope}" for slope in self.slopes if slope.ok is not True]
        right = [s for s in self.slopes if s.ok]
        if right:
            worst = max(s.error / s.scale if s.scale else 0.0 for s in right)
            lines.append(f"  {len(right)} slopes agree with differences, to {worst:.0e} or better")
        return "\n".join(lines + [f"  {note}" for note in self.notes])


def _percent(x: float) -> str:
    return f"{100 * x:.2g} %" if x < 100 else f"a factor of {x:.2g}"


# ---------------------------------------------------------------------------------------------
# Where a call comes from


@functools.cache
def _is_library(file: str) -> bool:
    path = os.path.abspath(file)
    return file.startswith("<frozen") or path == HERE or path.startswith((TORCH, *LIBRARIES))


def _place() -> tuple[Place, bool]:
    """The reader's line that is running, and whether a part of PyTorch stops there by design."""
    frame, inside, design = sys._getframe(2), "", False
    last = frame
    while frame is not None:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        if not _is_library(file) and function != "__torch_function__":
            design = design or _in_function(frame)
            return Place(file, frame.f_lineno, _column(frame), inside), design
        if file != HERE and function != "__torch_function__" and os.path.abspath(file) != HERE:
            last = frame
            design = design or file.startswith(BY_DESIGN)
            inside = inside or _short(file)
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


#: Files of PyTorch that only hand a call on: naming them would tell the reader nothing.
PLAIN = tuple(
    TORCH + n.replace("/", os.sep)
    for n in (
        "_tensor.py",
        "autograd/grad_mode.py",
        "autograd/__init__.py",
        "utils/_contextlib.py",
        "overrides.py",
        "nn/modules/module.py",
        "autograd/graph.py",
    )
)


def _short(file: str) -> str:
    if file.startswith((*PLAIN, "<frozen")):
        return ""
    for root in (os.path.dirname(TORCH.rstrip(os.sep)) + os.sep, *LIBRARIES):
        if file.startswith(root):
            return file[len(root) :].replace("site-packages" + os.sep, "")
    return file


def _column(frame: types.FrameType) -> int:
    try:
        positions = frame.f_code.co_positions()
        return next(p for i, p in enumerate(positions) if i == frame.f_lasti // 2)[2] or 0
    except (AttributeError, StopIteration, TypeError):
        return 0


# ---------------------------------------------------------------------------------------------
# What the loss can reach, so that it can be put back


class Reach:
    """Tensors, modules, optimizers, generators and iterators that a function can reach.

    It follows closures, defaults, the globals that the code names, bound objects, containers and
    attributes, not the insides of libraries.
    """

    def __init__(self, *roots: Any) -> None:
        self.tensors: dict[int, Tensor] = {}
        self.modules: dict[int, torch.nn.Module] = {}
        self.generators: dict[int, torch.Generator] = {}
        self.keepers: dict[int, Any] = {}  # schedulers and scalers: objects with a state of theirs
        self.slots: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []  # of iterators
        self._seen: dict[int, Any] = {}
        todo = list(roots)
        while todo:
            value = todo.pop()
            if id(value) not in self._seen and len(self._seen) < 200_000:
                self._seen[id(value)] = value
                todo += self._look(value)

    def _look(self, value: Any) -> Iterable[Any]:
        if isinstance(value, Tensor):
            self.tensors[id(value)] = value
        elif isinstance(value, torch.Generator):
            self.generators[id(value)] = value
        elif isinstance(value, torch.nn.Module):
            self.modules |= {id(m): m for m in value.modules()}
            yield from value.parameters()
            yield from value.buffers()
            for module in value.modules():
                yield from vars(module).values()
        elif isinstance(value, (torch.optim.lr_scheduler.LRScheduler, torch.amp.GradScaler)):
            self.keepers[id(value)] = value
        elif isinstance(value, torch.optim.Optimizer):
            yield from value.param_groups
        elif isinstance(value, (types.MethodType, functools.partial)):
            yield from getattr(value, "args", ())
            yield from (getattr(value, "keywords", None) or {}).values()
            yield from (getattr(value, "__self__", None), getattr(value, "func", None))
            yield getattr(value, "__func__", None)
        elif isinstance(value, types.FunctionType):
            yield from self._of_function(value)
        elif isinstance(value, Mapping):
            yield from list(value.values())[:10_000]
        elif isinstance(value, (list, tuple, set, frozenset)):
            yield from list(value)[:10_000]
        elif hasattr(value, "__dict__") and not isinstance(value, (type, types.ModuleType)):
            yield from self._attributes(value)

    def _attributes(self, value: Any) -> Iterable[Any]:
        if type(value).__module__.split(".")[0] in ("torch", "numpy", "builtins"):
            return
        for name, held in list(vars(value).items()):
            self._slot(held, functools.partial(setattr, value, name))
            yield held

    def _of_function(self, function: types.FunctionType) -> Iterable[Any]:
        if _is_library(function.__code__.co_filename):
            wrapped = getattr(function, "__wrapped__", None)
            yield from [wrapped] if wrapped else []
        for cell in function.__closure__ or ():
            with contextlib.suppress(ValueError):
                held = cell.cell_contents
                self._slot(held, functools.partial(setattr, cell, "cell_contents"))
                yield held
        yield from function.__defaults__ or ()
        yield from (function.__kwdefaults__ or {}).values()
        if _is_library(function.__code__.co_filename):
            return
        for name in _names(function.__code__):
            if name in function.__globals__:
                held = function.__globals__[name]
                self._slot(held, functools.partial(function.__globals__.__setitem__, name))
                yield held

    def _slot(self, held: Any, put: Callable[[Any], None]) -> None:
        if isinstance(held, Iterator) and not isinstance(held, Replay):
            self.slots.append((held, put))


def _names(code: types.CodeType) -> set[str]:
    inner = (_names(c) for c in code.co_consts if isinstance(c, types.CodeType))
    return set(code.co_names).union(*inner)


class Replay(Iterator):
    """An iterator that gives the same items again in each run."""

    def __init__(self, source: Iterator) -> None:
        self.source, self.items, self.at = source, [], 0

    def __next__(self) -> Any:
        if self.at == len(self.items):
            self.items.append(next(self.source))
        self.at += 1
        return self.items[self.at - 1]


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
        self.modules = [
            (m, m.training, dict(m._parameters), dict(m._buffers)) for m in reach.modules.values()
        ]
        self.generators = [(g, g.get_state()) for g in reach.generators.values()]
        self.keepers = [(k, _plain(vars(k))) for k in reach.keepers.values()]
        self.optimizers: dict[int, tuple[torch.optim.Optimizer, dict]] = {}
        self.random = _random_state()
        self.dtype, self.grad_mode = torch.get_default_dtype(), torch.is_grad_enabled()
        self.replays = {}
        self.slots = reach.slots
        for held, put in self.slots:
            self.replays.setdefault(id(held), Replay(held))
            put(self.replays[id(held)])

    def save_optimizer(self, optimizer: torch.optim.Optimizer) -> None:
        """Remember an optimizer's state before its first step."""
        if id(optimizer) not in self.optimizers:
            self.optimizers[id(optimizer)] = (optimizer, copy.deepcopy(optimizer.state_dict()))

    def rewind(self) -> None:
        """Put everything back, for another run."""
        torch.set_default_dtype(self.dtype)
        torch._C._set_grad_enabled(self.grad_mode)
        for module, training, params, buffers in self.modules:
            module.training = training
            for own, saved in ((module._parameters, params), (module._buffers, buffers)):
                if {k: id(v) for k, v in own.items()} != {k: id(v) for k, v in saved.items()}:
                    own.clear()
                    own.update(saved)
        for tensor, data, value, needs in zip(self.tensors, self.data, self.values, self.needs):
            self._put(tensor, data, value, needs)
        for tensor, hooks in zip(self.tensors, self.hooks):
            if hooks != _hooks(tensor):
                tensor._backward_hooks = None if hooks is None else copy.copy(hooks)
        for tensor, grad, value in zip(self.tensors, self.grads, self.grad_values):
            if tensor.is_leaf:
                tensor.grad = grad
                if grad is not None:
                    if grad.requires_grad and grad.is_leaf is False and value is not None:
                        continue
                    with torch.no_grad():
                        grad.data.copy_(value)
        for optimizer, saved in self.optimizers.values():
            optimizer.load_state_dict(copy.deepcopy(saved))
        for keeper, saved in self.keepers:
            vars(keeper).update(_plain(saved))
        for generator, saved in self.generators:
            generator.set_state(saved)
        for replay in self.replays.values():
            replay.at = 0
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
        with torch.no_grad():
            same = torch.equal(tensor.data, value) or (tensor.data != tensor.data).any()
            if not same or (tensor.data != tensor.data).any():
                tensor.data.copy_(value)
        if tensor.is_leaf and tensor.requires_grad != needs:
            tensor.requires_grad_(needs)

    def close(self) -> None:
        """Put everything back, and the iterators in their places."""
        self.rewind()
        for held, put in self.slots:
            put(held)


def _plain(state: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of what is data in an object's state."""
    kinds = (int, float, str, list, dict, Tensor, type(None))
    kept = {k: v for k, v in state.items() if isinstance(v, kinds)}
    return {k: copy.deepcopy(v) if not callable(v) else v for k, v in kept.items()}


def _hooks(tensor: Tensor) -> Any:
    return copy.copy(tensor._backward_hooks) if tensor.is_leaf else None


def _odd(tensor: Tensor) -> bool:
    """Whether it cannot simply be cloned and copied: sparse, quantized, on meta, in inference."""
    return (
        tensor.layout != torch.strided
        or tensor.is_meta
        or tensor.is_quantized
        or (tensor.is_inference() or torch._C._functorch.is_functorch_wrapped_tensor(tensor))
    )


def _random_state(saved: tuple | None = None) -> tuple:
    numpy = sys.modules.get("numpy")
    cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    if saved is None:
        return (
            torch.get_rng_state(),
            torch.cuda.get_rng_state_all() if cuda else None,
            random.getstate(),
            numpy.random.get_state() if numpy else None,
        )
    torch.set_rng_state(saved[0])
    if saved[1] is not None:
        torch.cuda.set_rng_state_all(saved[1])
    random.setstate(saved[2])
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
#: Attributes that give a tensor computed from another one; the rest only tells about it.
VIEWS = {getattr(Tensor, n).__get__ for n in ("T", "mT", "H", "mH", "real", "imag")}
#: Methods that return no value of the tensor, or must be given the tensor itself.
ABOUT = {"requires_grad_", "retain_grad", "register_hook", "size", "dim", "numel", "stride"}
ABOUT |= {"register_post_accumulate_grad_hook", "is_floating_point", "is_complex", "__len__"}
ABOUT |= {"is_contiguous", "untyped_storage", "data_ptr", "type", "__repr__", "__format__"}
ABOUT |= {"element_size", "storage_offset", "get_device", "_is_view", "__hash__", "__bool__"}


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
    give the same again. ``push`` adds a tensor to the inner gradients of a key.
    """

    def __init__(
        self,
        check: Check,
        gates: bool = False,
        only: set[Key] | None = None,
        shake: tuple[Key, float] | None = None,
        wide: bool = False,
        values: dict[Key, list] | None = None,
        push: tuple[Key, list[Tensor]] | None = None,
        retain: bool = False,
        sums: bool = False,
    ) -> None:
        super().__init__()
        self.check, self.gates, self.only, self.shake = check, gates, only, shake
        self.wide, self.values, self.push, self.retain = wide, values, push, retain
        self.sums: dict[int, tuple[Tensor, dict[int, float]]] | None = {} if sums else None
        self.summands: dict[int, Tensor] = {}
        self.valves: dict[Key, Valve] = {}
        self.crossings: list[Crossing] = []
        self.escapes: dict[Key, list[Tensor]] = {}
        self.stops: dict[Key, int] = {}
        self.held: dict[Key, list] = {}
        self.inner: dict[Key, list[Tensor]] = {}
        self.roots: list[Tensor] = []
        self.root_slopes: list[list] = []
        self.dropped: list[Tensor] = []
        self.region: Key | None = None
        self.before: dict[int, Key | None] = {}
        self.kept: dict[Any, Any] = {}  # (key, id) -> (tensor, its gate's output); keeps ids alive
        self.outputs: dict[int, Crossing] = {}
        self.writes: list[bool] = []
        self.paused, self.seed = 0, None
        self.stepped: list[Place] = []

    # -- the door

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self.paused:
            return func(*args, **kwargs)
        if self.check.ends_at_step and self.roots and _name(func).startswith("_amp_"):
            raise _Stepped  # a scaler that unscales: the loss is behind
        if self.wide:
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
        if self._frozen(key):
            return self._freeze(key, func(*args, **kwargs), _tensors((args, kwargs)))
        if self.shake and self.shake[0] == key:
            args, kwargs = tree_map(self._shaken(key, needing=True), (args, kwargs))
            return func(*args, **kwargs)
        if not self._gated(key):
            return func(*args, **kwargs)
        with _recording():
            args, kwargs = tree_map(lambda t: self._region_gate(key, t), (args, kwargs))
            result = func(*args, **kwargs)
        for tensor in _tensors(result):
            self.kept[key, id(tensor)] = (tensor, tensor)
        return result

    def _off(self, args, kwargs, func) -> Key | None:
        """The region without gradients that this operation is in, if it stops anything."""
        if self.region is None and not torch.is_inference_mode_enabled():
            return None
        name = getattr(func, "__name__", "")
        if name in ABOUT or (name == "__get__" and func not in VIEWS) or name == "__set__":
            return None
        if not any(t.requires_grad for t in _tensors((args, kwargs))):
            return self.region if self.region and self._frozen(self.region) else None
        if self.region is None:
            return self._stop("inference_mode")
        self._count(self.region)
        return self.region

    # -- stops

    def _key(self, kind: str) -> Key:
        place, design = _place()
        return place, "library" if design else kind

    def _stop(self, kind: str) -> Key:
        key = self._key(kind)
        self._count(key)
        return key

    def _count(self, key: Key) -> None:
        self.stops[key] = self.stops.get(key, 0) + 1
        if key not in self.check.stops:
            self.check.add(key)

    def _gated(self, key: Key) -> bool:
        wanted = self.only is None or key in self.only
        return self.gates and wanted and key[1] != "library"

    def _frozen(self, key: Key) -> bool:
        return self.values is not None and self.check.frozen(key)

    def _freeze(self, key: Key, result: Any, sources: Iterable[Tensor] = ()) -> Any:
        """Give what the stop gave in the first run with ``values``; keep it if this is the first.

        A view of what it was computed from moves with that.
        """
        shared = {t.untyped_storage().data_ptr() for t in sources if not _odd(t)}
        tensors = [
            t for t in _tensors(result) if _odd(t) or t.untyped_storage().data_ptr() not in shared
        ]
        held = self.held.setdefault(key, [])
        earlier = self.values.get(key)
        for tensor in tensors:
            held.append(tensor.detach().clone())
            if earlier is not None and len(held) <= len(earlier):
                tensor.data.copy_(earlier[len(held) - 1])
        return result

    def _gate(self, key: Key, tensor: Tensor) -> Tensor:
        valve = self.valves.setdefault(key, Valve())
        after = Gate.apply(tensor, valve)
        if not torch._C._functorch.is_functorch_wrapped_tensor(tensor):
            crossing = Crossing(key, tensor, after)
            self.crossings.append(crossing)
            self.outputs[id(after)] = crossing
        return after

    def _region_gate(self, key: Key, tensor: Any) -> Any:
        if not (isinstance(tensor, Tensor) and tensor.requires_grad):
            return tensor
        if (key, id(tensor)) not in self.kept:
            self.kept[key, id(tensor)] = (tensor, self._gate(key, tensor))
        return self.kept[key, id(tensor)][1]

    def _shaken(self, key: Key, needing: bool = False) -> Callable[[Any], Any]:
        """Change the values behind the stop by a share of themselves, if that is asked for."""
        share = self.shake[1] if self.shake and self.shake[0] == key else 0.0

        def change(value: Any) -> Any:
            if not share or isinstance(value, (bool, int, str)):
                return value
            if isinstance(value, float):
                return value * (1 + share) if value else share
            if isinstance(value, Tensor):
                if not value.is_floating_point() or (needing and not value.requires_grad):
                    return value
                signs = 1 - 2 * (torch.arange(value.numel(), device=value.device) % 2)
                signs = signs.view(value.shape).to(value.dtype)
                return (
                    value.detach() * (1 + share * signs) if needing else _times(value, share, signs)
                )
            return value

        return change

    # -- kinds of stops

    def _detach(self, func, args, kwargs):
        tensor = args[0]
        if not tensor.requires_grad:
            return self._call(func, args, kwargs)
        kind = ".data" if func == DATA else ".detach()"
        return self._constant(self._stop(kind), tensor, lambda t: func(t, *args[1:], **kwargs))

    def _constant(self, key: Key, tensor: Tensor, plain: Callable[[Tensor], Tensor]) -> Tensor:
        if self._frozen(key):
            return self._freeze(key, plain(tensor).clone())
        if self.shake and self.shake[0] == key:
            return self._shaken(key)(plain(tensor))
        if not self._gated(key):
            return plain(tensor)
        with _recording():
            if self.region is not None and self._gated(self.region):
                tensor = self._region_gate(self.region, tensor)
            return self._gate(key, tensor)

    def _detach_in_place(self, func, args, kwargs):
        crossing = self.outputs.get(id(args[0]))
        if crossing is not None:
            return args[0]
        if args[0].requires_grad:
            self.check.block(self._stop(".detach_()"), "it changes the tensor in place")
        return func(*args, **kwargs)

    def _copy(self, func, args, kwargs):
        """``torch.tensor`` and its relatives, given tensors with a history."""
        data = args[1] if func is Tensor.new_tensor else args[0] if args else kwargs.get("data")
        sources = [t for t in _tensors(data) if t.requires_grad]
        if not sources or (isinstance(data, Tensor) and func in (torch.as_tensor, torch.asarray)):
            return func(*args, **kwargs)
        plain = self._copied(func, args, kwargs)
        if not plain.is_floating_point() and not plain.is_complex():
            return plain
        name = _name(func)
        key = self._stop(
            f".{name}()" if func == Tensor.new_tensor else f"torch.{name}() of a tensor"
        )
        if self._frozen(key):
            return self._freeze(key, plain)
        if self.shake and self.shake[0] == key:
            return self._shaken(key)(plain)
        if not self._gated(key):
            return plain
        with _recording():
            history = _stacked(data).to(plain).reshape(plain.shape)
            after = self._gate(key, history)
        if plain.requires_grad:
            after.retain_grad()
        return after

    def _copied(self, func, args, kwargs):
        if self.gates:
            args, kwargs = tree_map(
                lambda t: t.detach() if isinstance(t, Tensor) else t, (args, kwargs)
            )
        return func(*args, **kwargs)

    def _escape(self, func, args, kwargs):
        """A value that leaves PyTorch: a Python number or a NumPy array."""
        tensor = args[0]
        if not tensor.requires_grad:
            return func(*args, **kwargs)
        name = _name(func)
        key = self._stop(
            {"__float__": "float()", "__array__": "NumPy array"}.get(name, f".{name}()")
        )
        if self.gates:
            self.escapes.setdefault(key, []).append(tensor)
            for earlier in _valve_keys(tensor, self.valves):  # .detach() before .numpy()
                self.escapes.setdefault(earlier, []).append(tensor)
                self.check.after.setdefault(key, set()).add(earlier)
            args = (tensor.detach(), *args[1:])
        if self._frozen(key):
            frozen = self._freeze(key, tensor.detach().clone())
            return func(frozen, *args[1:], **kwargs)
        if self.shake and self.shake[0] == key:
            args = (self._shaken(key)(tensor.detach()), *args[1:])
        return func(*args, **kwargs)

    def _grad(self, func, args, kwargs):
        call = inspect.signature(func).bind(*args, **kwargs)
        if call.arguments.get("create_graph"):
            with self._again():
                result = func(*args, **kwargs)
            return self._inner(result)
        key = self._key("autograd.grad without create_graph")
        self._count(key)
        if key[1] == "library" or not self._gated(key):
            with self._again():
                result = func(*args, **kwargs)
            if self._frozen(key):
                result = self._freeze(key, result)
            elif self.shake and self.shake[0] == key:
                result = tree_map(self._shaken(key), result)
            return result
        call.arguments.update(create_graph=True, retain_graph=True)
        result = func(*call.args, **call.kwargs)
        return tuple(
            self._gate(key, t) if isinstance(t, Tensor) and t.requires_grad else t for t in result
        )

    def _inner(self, result):
        """Keep the inner gradients that the loss is made of; push them where that is asked for."""
        key = (_place()[0], "inner gradient")
        if any(torch._C._functorch.is_functorch_wrapped_tensor(t) for t in _tensors(result)):
            return result
        found = self.inner.setdefault(key, [])
        if self.push and self.push[0] == key:
            moves = self.push[1][len(found) :]
            later = iter(moves)
            result = tuple(t if t is None else t + next(later) for t in result)
        found += [t for t in result if t is not None]
        return result

    def _backward(self, func, args, kwargs):
        roots = args[0] if args else kwargs["tensors"]
        roots = [roots] if isinstance(roots, Tensor) else list(roots)
        names = list(inspect.signature(func).parameters)
        given = dict(zip(names, args)) | kwargs
        self._add_root(roots, given.get("gradient", given.get("grad_tensors")))
        given["retain_graph"] = given.get("retain_graph") or self.retain
        key = self._key("backward() without create_graph")
        if given.get("create_graph") or not self._gated(key):
            leaves = _leaves(roots) if self._frozen(key) else []
            with self._again():
                func(**given)
            if leaves:
                self._freeze(key, [t.grad for t in leaves if id(t) not in self.check.ids])
            return None
        self._count(key)
        leaves = _leaves(roots)
        earlier = [leaf.grad for leaf in leaves]
        func(**{**given, "create_graph": True, "retain_graph": True})
        for leaf, before in zip(leaves, earlier):
            if leaf.grad is not None and leaf.grad is not before and leaf.grad.requires_grad:
                leaf.grad = self._gate(key, leaf.grad)

    def _add_root(self, roots: list[Tensor], weights: Any) -> None:
        weights = [weights] if isinstance(weights, Tensor) or weights is None else list(weights)
        weights += [None] * (len(roots) - len(weights))
        total = sum((r if w is None else (r * w)).sum() for r, w in zip(roots, weights))
        self.roots.append(roots[0] if len(roots) == 1 and weights[0] is None else total)
        if not self.gates:  # now, since the pass frees the graph
            self.root_slopes.append(_grad(total, self.check.params))

    def _set_grad_of(self, func, args, kwargs):
        """``tensor.grad = None`` of a parameter starts the step's gradient anew."""
        if args[1] is None and id(args[0]) in self.check.ids and self.roots:
            self.dropped, self.roots, self.root_slopes = self.roots, [], []
        return func(*args, **kwargs)

    def _grad_mode(self, func, args, kwargs):
        result = func(*args, **kwargs)
        frame, owner = sys._getframe(2), None
        while frame is not None and frame.f_code.co_filename.startswith(TORCH):
            if frame.f_code.co_filename.endswith("grad_mode.py"):
                owner = frame
            frame = frame.f_back
        who = id(owner.f_locals.get("self")) if owner else 0
        if owner is not None and owner.f_code.co_name == "__exit__":
            self.region = self.before.pop(who, None) if not args[0] else None
            if args[0]:
                self.before.pop(who, None)
            return result
        self.before.setdefault(who, self.region)
        self.region = None if args[0] else self._key("no_grad")
        return result

    def _requires_grad(self, func, args, kwargs):
        tensor, wanted = args[0], (args[1:] or (kwargs.get("requires_grad", True),))[0]
        if tensor.grad_fn is None or not self.gates:
            return func(*args, **kwargs)
        if wanted:
            tensor.retain_grad()
        return tensor

    def _set_data(self, func, args, kwargs):
        key = self._key(".data =")
        source = args[1]
        if source.requires_grad:
            self._count(key)
            self.escapes.setdefault(key, []).append(source)
            self.check.block(key, "it writes into a tensor")
            source = self._shaken(key)(source.detach())
        self._written(args[0])
        return func(args[0], source.detach())

    def _write(self, func, args, kwargs):
        """An operation that writes into a tensor."""
        target = kwargs.get("out", args[0] if args else None)
        targets = list(_tensors(target))
        rest = list(_tensors((args[1:], {k: v for k, v in kwargs.items() if k != "out"})))
        self._written(*targets)
        for tensor in targets if self.sums else ():
            self.sums.pop(id(tensor), None)
        if not self.gates:
            result = self._plain_write(func, args, kwargs, targets, rest)
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
        local = not crossings and not any(t.requires_grad for t in targets)
        if (
            local
            and not any(id(t) in self.check.known for t in targets)
            and self.region is not None
        ):
            return self._call(func, args, kwargs)
        with torch.no_grad():
            func(*tree_map(_constant, args), **tree_map(_constant, kwargs))
        return target

    def _plain_write(self, func, args, kwargs, targets, rest):
        if self.region is None and torch.is_grad_enabled():
            return func(*args, **kwargs)
        key = self.region
        if key is None or not any(t.requires_grad for t in rest):
            result = func(*args, **kwargs)
        else:
            self._count(key)
            shaken = tree_map(self._shaken(key, needing=True), args[1:])
            result = func(args[0], *shaken, **kwargs) if args else func(**kwargs)
        if key is not None and self._frozen(key):
            self._freeze(key, target if (target := kwargs.get("out")) is not None else result)
        return result

    def _lost(self, tensor: Tensor, crossings: list[Crossing]) -> None:
        """What is written has a history that the write does not keep: whose is it?"""
        if not tensor.requires_grad:
            return
        keys = {c.key for c in crossings} | ({self.region} if self.region else set())
        for key in keys or _valve_keys(tensor, self.valves):
            self._count(key)
            self.escapes.setdefault(key, []).append(tensor)
            self.check.block(key, "it writes into a tensor")

    def _written(self, *targets: Tensor) -> None:
        if not any(id(t) in self.check.ids or _storage(t) in self.check.storages for t in targets):
            return
        if self.check.ends_at_step and self.roots:
            raise _Stepped
        self.stepped.append(_place()[0])

    # -- sums of numbers, so that a small one does not drown in a large one

    def _sum(self, func: Any, args: tuple, result: Any) -> None:
        """Write a number as a sum of others with factors, as far as it is one."""
        if not isinstance(result, Tensor) or result.dim():
            return
        name = _name(func).strip("_")
        parts = [self._summands(a) for a in args[:2]]
        if name in ("add", "radd", "sub", "rsub"):
            signs = {"sub": (1.0, -1.0), "rsub": (-1.0, 1.0)}.get(name, (1.0, 1.0))
        elif name == "neg":
            signs = (-1.0,)
        elif len(args) == 2 and parts[1] == {}:
            signs = (1 / float(args[1]) if name in ("div", "truediv") else float(args[1]),)
        else:
            return
        form: dict[int, float] = {}
        for sign, part in zip(signs, parts):
            for key, factor in part.items():
                form[key] = form.get(key, 0.0) + sign * factor
        self.sums[id(result)] = (result, form)

    def _summands(self, value: Any) -> dict[int, float]:
        if not isinstance(value, Tensor) or value.dim() or not value.requires_grad:
            return {}
        if id(value) in self.sums:
            return self.sums[id(value)][1]
        self.summands[id(value)] = value
        return {id(value): 1.0}

    def parts(self, total: Tensor) -> list[Tensor]:
        """The numbers that a total is the sum of; [] if it is not a sum."""
        form = self.sums.get(id(total), (None, {}))[1] if self.sums else {}
        found = [self.summands[key] for key in form]
        return found if len(found) > 1 else []

    # -- wide

    def _widened(self, func, args, kwargs):
        if func in NARROWING:
            return (args[0],), {}
        if _writes(func, kwargs):
            head, rest = args[:1], args[1:]
            return (*head, *tree_map(_wide_like(head), rest)), kwargs
        return tree_map(_wide, args), tree_map(_wide, kwargs)

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


DATA = Tensor.data.__get__
HANDLERS: dict[Any, Callable] = {
    DATA: Watch._detach,
    Tensor.detach: Watch._detach,
    torch.detach: Watch._detach,
    Tensor.detach_: Watch._detach_in_place,
    torch.tensor: Watch._copy,
    torch.as_tensor: Watch._copy,
    torch.asarray: Watch._copy,
    Tensor.new_tensor: Watch._copy,
    torch.autograd.grad: Watch._grad,
    Tensor.backward: Watch._backward,
    torch.autograd.backward: Watch._backward,
    _set_grad: Watch._grad_mode,
    Tensor.requires_grad_: Watch._requires_grad,
    Tensor.requires_grad.__set__: Watch._requires_grad,
    Tensor.data.__set__: Watch._set_data,
    Tensor.grad.__set__: Watch._set_grad_of,
}
HANDLERS |= dict.fromkeys(
    (Tensor.item, Tensor.tolist, Tensor.numpy, Tensor.__float__, Tensor.__array__), Watch._escape
)
LINEAR = {
    getattr(owner, name)
    for owner, names in (
        (Tensor, "add sub neg mul div __add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __neg__"),
        (Tensor, "__truediv__"),
        (torch, "add sub neg mul div"),
    )
    for name in names.split()
}
NARROWING = {Tensor.float, Tensor.half, Tensor.bfloat16}
AUGMENTED = {f"__i{n}__" for n in ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod")}


def _writes(func: Any, kwargs: Mapping) -> bool:
    name = getattr(func, "__name__", "")
    if name in AUGMENTED or name == "__setitem__" or kwargs.get("out") is not None:
        return True
    return name.endswith("_") and not name.endswith("__") and name not in ABOUT


def _name(func: Any) -> str:
    return getattr(func, "__name__", str(func))


def _constant(value: Any) -> Any:
    return value.detach() if isinstance(value, Tensor) else value


def _storage(tensor: Tensor) -> int:
    """Where its values are: a tensor's ``.data`` shares them."""
    return 0 if _odd(tensor) else tensor.untyped_storage().data_ptr()


def _tensors(tree: Any) -> Iterator[Tensor]:
    return (t for t in tree_flatten(tree)[0] if isinstance(t, Tensor))


def _times(value: Tensor, share: float, signs: Tensor) -> Tensor:
    return torch.where(value == 0, share * signs, value * (1 + share * signs)).detach()


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


def _wide_like(head: tuple) -> Callable[[Any], Any]:
    narrow = any(t.dtype in WIDE for t in _tensors(head))
    return (lambda value: value) if narrow else _wide


def _leaves(roots: Iterable[Tensor]) -> list[Tensor]:
    """The leaves that a backward pass from these tensors reaches, in linear time."""
    todo = [r.grad_fn for r in roots if r.grad_fn is not None]
    found, seen = {id(r): r for r in roots if r.grad_fn is None and r.requires_grad}, set(todo)
    while todo:
        node = todo.pop()
        if hasattr(node, "variable"):
            found[id(node.variable)] = node.variable
        for following, _ in node.next_functions:
            if following is not None and following not in seen:
                seen.add(following)
                todo.append(following)
    return list(found.values())


def _valve_keys(tensor: Tensor, valves: dict[Key, Valve]) -> set[Key]:
    """The stops whose gates the history of this tensor passes."""
    names = {id(valve): key for key, valve in valves.items()}
    todo, seen, found = [tensor.grad_fn], set(), set()
    while todo:
        node = todo.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        valve = getattr(node, "valve", None)
        if id(valve) in names:
            found.add(names[id(valve)])
        todo += [following for following, _ in node.next_functions]
    return found


def _grad(total: Tensor, inputs: list[Tensor]) -> list[Tensor | None]:
    wanted = [t for t in inputs if t.requires_grad]
    if not total.requires_grad or not wanted:
        return [None] * len(inputs)
    found = iter(torch.autograd.grad(total, wanted, retain_graph=True, allow_unused=True))
    return [next(found) if t.requires_grad else None for t in inputs]


# ---------------------------------------------------------------------------------------------
# Question 1: where does the gradient stop, and does it matter?


class Check:
    """One loss, its parameters, and what is learned about them."""

    def __init__(self, loss_fn: Callable, params: Any, declared: Iterable[str] = ()) -> None:
        self.fn, self.declared = loss_fn, tuple(declared)
        self.names, self.params = _named(params, loss_fn)
        self.ids = {id(p) for p in self.params}
        self.narrow = all(p.dtype in WIDE for p in self.params)  # now: runs in float64 change it
        self.storages: set[int] = set()
        self.latest: Watch | None = None
        self.call = _caller(loss_fn, params)
        reach = Reach(loss_fn, params)
        self.state = State(reach, self.params)
        self.known = {id(t) for t in self.state.tensors}
        self.stops: dict[Key, Stop] = {}
        self.after: dict[Key, set[Key]] = {}  # stops that a value passed before it left PyTorch
        self.writes: list[bool] = []
        self.ends_at_step = self.from_backward = False
        self.steps: list[Place] = []
        self.notes: list[str] = []

    # -- bookkeeping of stops

    def add(self, key: Key) -> None:
        """Note a stop that is seen for the first time."""
        place, kind = key
        stop = Stop(place, kind, intended=kind == "library" or self._is_declared(place))
        self.stops[key] = stop

    def _is_declared(self, place: Place) -> bool:
        line = linecache.getline(place.file, place.line)
        named = (place.file, os.path.basename(place.file), str(place).rpartition(":")[0])
        listed = any(f"{name}:{place.line}" in self.declared for name in named)
        return bool(_Declared.depth) or DECLARED in line or listed

    def block(self, key: Key, why: str) -> None:
        """Note that a stop cannot be let through."""
        if key in self.stops:
            self.stops[key].blocked = self.stops[key].blocked or why

    def frozen(self, key: Key) -> bool:
        """Whether the values of a stop are held while the parameters move."""
        stop = self.stops.get(key)
        if stop is None or not stop.intended:
            return False
        return (
            key[1] != "library"
            or "spectral_norm" in key[0].inside
            or ("parametrizations" in key[0].inside)
        )

    # -- runs

    def reset(self, watch: Watch) -> None:
        """Put everything back, for this run or for the graph that it left."""
        self.state.rewind()
        self.latest = watch
        if watch.seed is not None:
            _perturb(self.params, watch.seed)
        if watch.wide:
            torch.set_default_dtype(torch.float64)
            _widen_state(self.state)

    def run(self, watch: Watch, seed: int | None = None) -> dict[str, Tensor]:
        """Run the loss from the same state, or slightly beside it; return its terms."""
        watch.seed = seed
        self.reset(watch)
        return self._terms(watch, self._execute(watch))

    def _execute(self, watch: Watch) -> Any:
        self.storages = {_storage(p) for p in self.params} - {0}
        hooks = self._optimizer_hooks(watch)
        make = _parameter_maker(watch)
        with warnings.catch_warnings(), contextlib.redirect_stdout(open(os.devnull, "w")) as quiet:
            warnings.simplefilter("ignore")
            torch.Tensor._make_subclass = staticmethod(make)
            try:
                with quiet, _eager(), watch:
                    return self.call()
            except _Stepped:
                return None
            finally:
                torch.Tensor._make_subclass = staticmethod(_make_parameter)
                for hook in hooks:
                    hook.remove()

    def _optimizer_hooks(self, watch: Watch) -> list:
        def before(optimizer: torch.optim.Optimizer, *_: Any) -> None:
            self.state.save_optimizer(optimizer)
            if any(id(p) in self.ids for group in optimizer.param_groups for p in group["params"]):
                if self.ends_at_step and watch.roots:
                    raise _Stepped
                watch.stepped.append(_place()[0])
            watch.paused += 1

        def after(*_: Any) -> None:
            watch.paused -= 1

        from torch.optim import optimizer as module

        return [
            module.register_optimizer_step_pre_hook(before),
            module.register_optimizer_step_post_hook(after),
        ]

    def _terms(self, watch: Watch, returned: Any) -> dict[str, Tensor]:
        if self.from_backward:
            roots = watch.roots or watch.dropped
            return {"loss" if len(roots) == 1 else f"loss {i}": r for i, r in enumerate(roots, 1)}
        named = returned if isinstance(returned, Mapping) else None
        if named is None:
            tensors = list(_tensors(returned))
            named = {
                "loss" if len(tensors) == 1 else f"loss {i}": t for i, t in enumerate(tensors, 1)
            }
        return {str(k): _real(v) for k, v in named.items() if isinstance(v, Tensor)}

    def first(self) -> tuple[float, list[Tensor | None]]:
        """The run as the reader has it: its value, and its gradient."""
        watch = Watch(self)
        self.steps = watch.stepped
        terms = self.run(watch)
        roots = watch.roots or watch.dropped
        own = {id(r) for r in roots}
        alive = any(t.requires_grad and id(t) not in own for t in terms.values())
        returned_root = any(id(t) in own for t in terms.values())
        if roots and (not alive or (returned_root and watch.stepped)):
            self.from_backward, self.ends_at_step = True, bool(watch.stepped)
            watch = Watch(self)
            terms = self.run(watch)
            slopes = watch.root_slopes
            slopes = [_added(s) for s in zip(*slopes)] if slopes else [None] * len(self.params)
        elif returned_root:
            slopes = watch.root_slopes[-1]
        else:
            slopes = _grad(_total(terms), self.params)
        if not terms:
            raise TypeError("loss_fn returns no tensor, and calls no backward()")
        self.writes = watch.writes
        return _total(terms).item(), slopes


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
            key = watch._stop("a new Parameter of a tensor")
            if watch.shake and watch.shake[0] == key:
                made.data = watch._shaken(key)(made.data)
            if watch._gated(key) and made.requires_grad:
                watch.crossings.append(Crossing(key, data, made, leaf=True))
                watch.valves.setdefault(key, Valve())
        return made

    return make


def _named(params: Any, loss_fn: Callable) -> tuple[list[str], list[Tensor]]:
    """Names and tensors of what is trained, from a list, a generator, a module or a dictionary."""
    if params is None:
        params = _found(loss_fn)
    if isinstance(params, torch.nn.Module):
        params = dict(params.named_parameters())
    if isinstance(params, Mapping):
        named = dict(params)
    else:
        items = [params] if isinstance(params, Tensor) else list(params)
        items = [
            p for item in items for p in (item["params"] if isinstance(item, dict) else [item])
        ]
        known = _known(loss_fn)
        named = {}
        for number, item in enumerate(items):
            name, tensor = item if isinstance(item, tuple) else (known.get(id(item)), item)
            named[name if name and name not in named else f"parameter {number}"] = tensor
    kept = {n: p for n, p in named.items() if isinstance(p, Tensor) and p.requires_grad}
    if not kept:
        raise ValueError("no parameter requires a gradient (a generator that was used before?)")
    unique = {id(p): (n, p) for n, p in kept.items()}
    return [n for n, _ in unique.values()], [p for _, p in unique.values()]


def _known(loss_fn: Callable) -> dict[int, str]:
    """The names of parameters, as the largest module calls them."""
    modules = [list(m.named_parameters()) for m in Reach(loss_fn).modules.values()]
    return {id(p): n for named in sorted(modules, key=len) for n, p in named}


def _found(loss_fn: Callable) -> dict[str, Tensor]:
    reach = Reach(loss_fn)
    found = {n: p for m in reach.modules.values() for n, p in m.named_parameters()}
    return found or {f"tensor {i}": t for i, t in enumerate(reach.tensors.values()) if t.is_leaf}


def _caller(loss_fn: Callable, params: Any) -> Callable[[], Any]:
    """The loss without arguments; a function of one argument gets the dictionary of parameters."""
    try:
        needed = [
            p
            for p in inspect.signature(loss_fn).parameters.values()
            if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        needed = []
    if needed and isinstance(params, Mapping):
        return lambda: loss_fn(params)
    if needed:
        raise TypeError(f"loss_fn needs {needed[0].name}: pass a function without arguments")
    return loss_fn


def _real(tensor: Tensor) -> Tensor:
    return torch.view_as_real(tensor).sum() if tensor.is_complex() else tensor


def _total(terms: Mapping[str, Tensor]) -> Tensor:
    return sum((t.sum() for t in terms.values()), torch.zeros(()))


def _added(slopes: Iterable[Tensor | None]) -> Tensor | None:
    kept = [s for s in slopes if s is not None]
    return sum(kept) if kept else None


def _norm(tensors: Iterable[Tensor | None]) -> float:
    parts = [
        t.detach().double().abs().norm() if not t.is_complex() else t.detach().abs().norm()
        for t in tensors
        if t is not None
    ]
    return math.sqrt(sum(p.item() ** 2 for p in parts))


def _perturb(params: list[Tensor], seed: int, share: float = 1e-3) -> None:
    generator = torch.Generator().manual_seed(seed)
    for p in params:
        if p.is_leaf and p.is_floating_point():
            noise = torch.rand(p.shape, generator=generator).to(p)
            p.data.mul_(1 + share * (2 * noise - 1))


class Gates:
    """The graph of one run with gates, and what comes through each."""

    def __init__(
        self,
        check: Check,
        only: set[Key] | None = None,
        seed: int | None = None,
        wide: bool = False,
    ) -> None:
        self.check, self.watch = check, Watch(check, gates=True, only=only, wide=wide)
        self._beside: dict[tuple[int, bool], Gates] = {}
        terms = check.run(self.watch, seed)
        self.total = _total(terms)
        self.value = self.total.item()
        self.leaves = [c for c in self.watch.crossings if c.leaf]

    def beside(self, seed: int, wide: bool = False) -> Gates:
        """The same at slightly other parameters, made anew if the parameters moved since."""
        kept = self._beside.get((seed, wide))
        if kept is None or self.check.latest is not kept.watch:
            kept = self._beside[seed, wide] = Gates(self.check, self.watch.only, seed, wide)
        return kept

    def pull(self, outputs, weights, inputs, opened: set[Key]) -> list[Tensor | None]:
        """The gradient of the outputs, with the gates of these stops open."""
        if self.check.latest is not self.watch:  # the graph uses the parameters of its own run
            self.check.reset(self.watch)
        for key, valve in self.watch.valves.items():
            valve.open = key in opened
        leaves = [c for c in self.leaves if c.key in opened]
        wanted = list(inputs) + [c.after for c in leaves]
        found = self._pull(outputs, weights, wanted)
        for number in reversed(range(len(leaves))):
            weight = found[len(inputs) + number]
            if weight is not None:
                more = self._pull([leaves[number].before], [weight], wanted)
                found = [_added(pair) for pair in zip(found, more)]
        return found[: len(inputs)]

    @staticmethod
    def _pull(outputs, weights, inputs):
        pairs = [(o, w) for o, w in zip(outputs, weights) if o.requires_grad]
        if not pairs or not inputs:
            return [None] * len(inputs)
        outs, grads = zip(*pairs)
        return list(torch.autograd.grad(outs, inputs, grads, retain_graph=True, allow_unused=True))

    def closed(self) -> list[Tensor | None]:
        """The gradient with each gate closed: that of the code as it is."""
        return self.pull([self.total], [torch.ones_like(self.total)], self.check.params, set())

    def through(self, key: Key, others: set[Key]) -> list[Tensor | None]:
        """What comes through the gates of one stop alone, with those of others open, too."""
        crossings = [c for c in self.watch.crossings if c.key == key]
        ones = [torch.ones_like(self.total)]
        weights = self.pull([self.total], ones, [c.after for c in crossings], others - {key})
        live = [(c.before, w) for c, w in zip(crossings, weights) if w is not None and _some(w)]
        if not live:
            return [None] * len(self.check.params)
        return self.pull(*zip(*live), self.check.params, others | {key})


def _some(tensor: Tensor) -> bool:
    """Whether it has an entry that is not zero (nan is not)."""
    return bool((tensor != 0).any())


def question_one(check: Check) -> None:
    """Find the effect of each stop of the loss."""
    value, slopes = check.first()
    keys = [k for k in check.stops if k[1] != "library"]
    if not keys:
        return
    gates, trusted = _gates(check, value, slopes, None)
    single = {} if trusted else {k: _gates(check, value, slopes, {k}) for k in keys}
    small: dict[Key, list[tuple]] = {}
    for key in [k for k in check.stops if k[1] != "library"]:
        graph, good = (gates, True) if trusted else single.get(key, (None, False))
        stop = check.stops[key]
        if good and graph is not None:
            stop.calls = graph.watch.stops.get(key, 0)
            small[key] = _effect(check, graph, stop, key, _norm(slopes))
        unsure = not good or stop.blocked or key in graph.watch.escapes
        if not stop.matters and unsure and not small.get(key):
            _shake(check, key, value, graph, _norm(slopes))
    for key, found in small.items():  # last: runs in float64 cut the graphs off the parameters
        for beside, others, came in found:
            if not check.stops[key].matters and not _is_rounding(beside, key, others, came):
                check.stops[key].matters = True
                check.stops[key].effect = _norm(came) / _norm(slopes)
        if found and not check.stops[key].matters and key in found[0][0].watch.escapes:
            _shake(check, key, value, None, _norm(slopes))
    for key, earlier in check.after.items():
        if any(check.stops[k].matters and check.stops[k].blocked for k in earlier):
            check.stops[key].matters, check.stops[key].effect = True, None


def _gates(check, value, slopes, only):
    """The gates' graph, and whether it computes what the plain run does."""
    try:
        graph = Gates(check, only)
        closed = graph.closed()
    except Exception as error:  # whatever the reader's code says to a tensor with a history
        for key in only or ():
            check.block(key, f"let through, the code raises: {_said(error)}")
        return None, False
    good = _close(graph.value, value) and _alike(closed, slopes)
    if not good:
        for key in only or ():
            check.block(key, "let through, the code computes something else")
    return graph, good


def _close(a: float, b: float) -> bool:
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-5 * (abs(a) + abs(b))


def _alike(some: list[Tensor | None], others: list[Tensor | None]) -> bool:
    scale = max(_norm(some), _norm(others))
    gaps = [
        (a if b is None else -b if a is None else a - b)
        for a, b in zip(some, others)
        if a is not None or b is not None
    ]
    gap = _norm(gaps)
    return gap != gap or gap <= 1e-3 * scale


def _effect(check: Check, graph: Gates, stop: Stop, key: Key, whole: float) -> list[tuple]:
    """Compare the gradient of the loss with the stop let through, and without.

    Returns what came through and is so small that it may be rounding: (graph, others, gradient).
    """
    everything, small = set(graph.watch.valves), []
    for others in (set(), everything - {key}):
        try:
            came = graph.through(key, others)
        except RuntimeError as error:
            check.block(key, f"let through: {_said(error)}")
            return small
        size = _norm(came)
        if size and size <= 1e-4 * whole:
            small.append((graph, others, came))
        elif size:
            stop.matters, stop.effect = True, size / whole if whole else math.inf
            return []
    return small


def _is_rounding(graph: Gates, key: Key, others: set[Key], came: list[Tensor | None]) -> bool:
    """Whether it is noise: float64 has next to none, and beside the point it is another noise.

    Float64 draws other random numbers, so only the size is compared there.
    """
    size = _norm(came)
    if graph.check.narrow:
        with contextlib.suppress(Exception):
            return not _norm(graph.beside(7, wide=True).through(key, others)) > 1e-3 * size
    return not all(_same(came, size, graph.beside(s).through(key, others)) for s in (7, 8))


def _same(some: list[Tensor | None], size: float, others: list[Tensor | None]) -> bool:
    pairs = [(a, b) for a, b in zip(some, others) if a is not None and b is not None]
    product = sum((a.conj().to(b) * b).sum().real.item() for a, b in pairs)
    return product > 0.8 * max(size, _norm(others)) ** 2


SCALES = (1e-6, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6)


def _shake(check: Check, key: Key, value: float, graph: Gates | None, whole: float) -> None:
    """Judge a stop that cannot be let through by whether the loss changes with its value.

    A value that only decides a branch is not followed: the loss then jumps, and does not grow.
    """
    stop = check.stops[key]
    stop.blocked = stop.blocked or "the value leaves PyTorch"
    sources = graph.watch.escapes.get(key, []) if graph else []
    sources = sources or [c.before for c in graph.watch.crossings if c.key == key] if graph else []
    if graph and not _reached(graph, sources):
        return
    changes = []
    for share in SCALES:
        try:
            changes.append(abs(_total(check.run(Watch(check, shake=(key, share)))).item() - value))
        except Exception:
            changes.append(0.0)
        seen = [c for c in changes if c > 0]
        if changes[-1] > 0 and (len(changes) <= 3 or (len(seen) > 1 and seen[-1] > 3 * seen[-2])):
            stop.matters, stop.effect = True, None
            stop.effect = _scalar_effect(check, key, share, graph, sources, whole)
            return


def _reached(graph: Gates, sources: list[Tensor]) -> bool:
    sources = [s for s in sources if s.requires_grad]
    weights = [torch.ones_like(s) for s in sources]
    if not sources:
        return False
    try:
        found = graph.pull(sources, weights, graph.check.params, set(graph.watch.valves))
    except RuntimeError:
        return True
    return any(f is not None for f in found)


def _scalar_effect(check, key, share, graph, sources, whole) -> float | None:
    """The size of the effect of a single number, by a difference."""
    if len(sources) != 1 or sources[0].numel() != 1 or not whole or not sources[0].item():
        return None
    share = min(share, 1e-2)
    up, down = (_total(check.run(Watch(check, shake=(key, h)))).item() for h in (share, -share))
    slope = (up - down) / (2 * share * sources[0].item())
    came = graph.pull(sources, [torch.ones_like(sources[0])], check.params, set(graph.watch.valves))
    return abs(slope) * _norm(came) / whole or None


# ---------------------------------------------------------------------------------------------
# Question 2: is the gradient the derivative of the loss?


def _widen_state(state: State) -> None:
    for tensor, data in zip(state.tensors, state.data):
        if data.dtype in WIDE and tensor.is_leaf:
            tensor.grad = None
            tensor.data = data.to(WIDE[data.dtype])


class Slopes:
    """The loss, its terms and its inner gradients along lines through the parameters."""

    def __init__(self, check: Check, wide: bool) -> None:
        self.check, self.wide = check, wide
        watch = Watch(check, wide=wide, values={}, retain=True, sums=True)
        terms = check.run(watch)
        self.values = watch.held
        self.total = _total(terms)
        self.finite = math.isfinite(self.total.item())
        self.params = check.params
        self.sizes = [_norm([p]) for p in self.params]
        self.names = ["the loss"] + ([f"term {n}" for n in terms] if len(terms) > 1 else [])
        outputs = [self.total] + (list(terms.values()) if len(terms) > 1 else [])
        self.parts = [p for t in terms.values() for p in watch.parts(t)]
        self.names += [f"summand {number}" for number in range(1, len(self.parts) + 1)]
        outputs += self.parts
        self.claims = [_grad(o.sum(), self.params) for o in outputs]
        self.weights: dict[Key, list[Tensor | None]] = {}
        self.shares: dict[Key, list[list[Tensor | None]]] = {}  # of each output, for ``outer``
        for key, tensors in watch.inner.items():
            kept = [t for t in tensors if t.requires_grad]
            found = iter(_grad(self.total, kept) if kept else [])
            weights = [next(found) if t.requires_grad else None for t in tensors]
            if any(w is not None for w in weights):
                self.weights[key] = [None if w is None else w.detach() for w in weights]
                self.names.append(f"{key[0]}: inner gradient")
                self.claims.append(self._pulled(tensors, weights))
                self.shares[key] = [_grad(o.sum(), tensors) for o in (outputs if kept else [])]
        self.inner = {k: [t.detach() for t in v] for k, v in watch.inner.items()}
        self.start = self.at(None, 0.0)

    def _pulled(self, tensors, weights):
        pairs = [(t, w) for t, w in zip(tensors, weights) if w is not None]
        outs, grads = zip(*pairs)
        return list(
            torch.autograd.grad(outs, self.params, grads, retain_graph=True, allow_unused=True)
        )

    def at(self, direction: list[Tensor] | None, distance: float, push=None) -> list[float]:
        """Each quantity at this distance from the parameters; errors of the reader's code pass."""
        watch = Watch(self.check, wide=self.wide, values=self.values, push=push, sums=True)
        self.check.latest = watch
        self.check.state.rewind()
        terms = self._moved(watch, direction, distance)
        found = [_total(terms).item()]
        found += [t.sum().item() for t in terms.values()] if len(terms) > 1 else []
        parts = [p.item() for t in terms.values() for p in watch.parts(t)]
        found += (parts + [math.nan] * len(self.parts))[: len(self.parts)]
        for key, weights in self.weights.items():
            pairs = zip(watch.inner.get(key, []), weights)
            found.append(sum(_dot(w, t.detach()) for t, w in pairs if w is not None))
        return found

    def _moved(self, watch, direction, distance):
        check = self.check
        if self.wide:
            torch.set_default_dtype(torch.float64)
            _widen_state(check.state)
        for p, v in zip(check.params, direction or ()):
            p.data.add_(v, alpha=distance)
        return check._terms(watch, check._execute(watch))

    def direction(self, seed: int, only: int | None = None) -> list[Tensor]:
        """A direction of length one: random, and along each claimed gradient."""
        generator = torch.Generator().manual_seed(seed)
        total = None
        for claim in [None, *self.claims]:
            parts = [self._part(claim, i, generator, only) for i in range(len(self.params))]
            size = _norm(parts)
            if size and size == size and size < math.inf:
                sign = -1 if total and sum(map(_dot, total, parts)) < 0 else 1  # never cancel
                parts = [sign * p / size for p in parts]
                total = [a + b for a, b in zip(total, parts)] if total else parts
        size = _norm(total)
        return [t / size for t in total]

    def _part(self, claim, number, generator, only):
        p = self.params[number]
        dtype = WIDE.get(p.dtype, p.dtype) if self.wide else p.dtype
        like = {"dtype": dtype, "device": p.device}
        if only is not None and only != number:
            return torch.zeros(p.shape, **like)
        if claim is None:
            scale = (self.sizes[number] or 1.0) / math.sqrt(max(p.numel(), 1))
            drawn = torch.randn(p.shape, generator=generator, dtype=torch.float64)
            return (drawn * scale).to(**like)
        return torch.zeros(p.shape, **like) if claim[number] is None else claim[number].to(**like)

    def compare(self, seed: int, only: int | None = None) -> list[Slope]:
        """All slopes along one direction."""
        direction = self.direction(seed, only)
        length = math.sqrt(sum(s * s for s in self.sizes)) or 1.0
        eps = torch.finfo(torch.float64 if self.wide else self._narrowest()).eps
        found = _differences(lambda h: self.at(direction, h), length, eps, len(self.names))
        slopes = []
        for name, claim, (difference, error, why) in zip(self.names, self.claims, found):
            told = sum(_dot(c.to(v), v) for c, v in zip(claim, direction) if c is not None)
            scale = max(abs(told), abs(difference), 1e-3 * _norm(claim))
            slopes.append(
                _judged(name, told, difference, error, scale, why, self.wide, self.finite)
            )
        return slopes

    def _narrowest(self) -> torch.dtype:
        floats = [p.dtype for p in self.params if p.is_floating_point()]
        return max(floats or [torch.float32], key=lambda d: torch.finfo(d).eps)

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
        count = len(self.shares[key])

        def at(h: float) -> list[float]:
            return self.at(None, 0.0, push=(key, [h * m for m in moves]))[:count]

        eps = torch.finfo(torch.float64 if self.wide else self._narrowest()).eps
        slopes = []
        for name, share, found in zip(
            self.names, self.shares[key], _differences(at, size, eps, count)
        ):
            told = sum(_dot(w, m) for w, m in zip(share, moves) if w is not None)
            scale = max(abs(told), abs(found[0]))
            title = f"{key[0]}: from the inner gradient to {name}"
            slopes.append(_judged(title, told, *found[:2], scale, found[2], self.wide, self.finite))
        return slopes


def _dot(gradient: Tensor, move: Tensor) -> float:
    """How a quantity changes along a move; PyTorch's gradient of complex tensors is conjugate."""
    return (gradient.conj() * move).sum().real.item()


def _judged(name, told, difference, error, scale, why, wide, finite) -> Slope:
    """The verdict on one slope; a gradient of nan is wrong where the loss is a number."""
    gap = abs(told - difference)
    if gap != gap or scale == math.inf:
        ok = False if told != told and finite else None
        return Slope(name, told, difference, error, 1.0, ok, ", nan")
    share = 1e-6 if wide else 1e-4
    if gap <= share * scale + 5 * error or scale == 0:
        ok = True if error <= 0.02 * scale or told == 0 else None
        return Slope(name, told, difference, error, scale, ok, "" if ok else why)
    ok = False if gap > 20 * error + 10 * share * scale else None
    return Slope(name, told, difference, error, scale, ok, "" if ok is False else why)


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
    a, b, c = rows[-3], rows[-2], rows[-1]
    answers = [(c[0], max(abs(c[0] - b[0]), abs(b[0] - a[0])))]
    if len(c) > 2:
        answers.append((c[1], max(abs(c[1] - b[1]), abs(c[1] - c[2]), abs(b[1] - a[-1]) / 5)))
    slope, moved = min(answers, key=lambda x: x[1] if x[1] == x[1] else math.inf)
    if not math.isfinite(slope):
        return math.nan, math.inf, ", nan"
    why = (
        ": rounding hides the difference" if noise > moved else ": the steps do not settle, a kink"
    )
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
    found += [s for key in list(slopes.weights)[:8] for s in slopes.outer(key)]
    if any(s.ok is False for s in found) and not explained:
        check.notes += _blame(check, slopes, found)
    return found


def _second(one: Slope, other: Slope) -> Slope:
    """The verdict of two directions: wrong if both say so or one does and none says right."""
    order = [s for ok in (True, False, None) for s in (one, other) if s.ok is ok]
    if one.ok is False and other.ok is True:
        return one if one.error < 1e-3 * one.scale else dataclasses.replace(one, ok=None)
    if other.ok is False and one.ok is True:
        return other if other.error < 1e-3 * other.scale else dataclasses.replace(other, ok=None)
    return order[0]


def _slopes(check: Check) -> Slopes | None:
    why = ""
    for wide in (True, False):
        try:
            slopes = Slopes(check, wide)
        except Exception as error:
            why = _said(error)
            continue
        again = slopes.at(None, 0.0)
        if all(_close(a, b) for a, b in zip(slopes.start, again)):
            if not wide:
                check.notes.append(f"differences in the code's own precision, since float64: {why}")
            return slopes
        why = "the loss is not the same twice, with the same random numbers and parameters"
    check.notes.append(f"no differences: {why}")
    return None


def _blame(check: Check, slopes: Slopes, found: list[Slope]) -> list[str]:
    """Name the parameters along which a slope is off."""
    wrong = [i for i, s in enumerate(found[: len(slopes.names)]) if s.ok is False]
    if not wrong or len(check.params) > 40:
        return []
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
    dictionary of named terms), or calls ``backward()``. ``params`` is what is trained: a list, a
    generator, a module, or a dictionary, which a ``loss_fn`` of one argument is given; without it,
    the parameters of the modules that ``loss_fn`` can reach. ``intended`` lists stops on purpose,
    as ``"train.py:52"``. ``terms`` are further functions, each compared by itself.
    Everything is put back, also when the loss raises. Raises what the loss raises.
    """
    if inspect.isgenerator(params) or isinstance(params, (filter, map, zip)):
        params = list(params)
    session = Check(loss_fn, params, intended)
    slopes: list[Slope] = []
    ok: bool | None = True
    try:
        try:
            question_one(session)
            slopes = question_two(session) if differences else []
        except RuntimeError as error:
            ok = _explain(session, error)
    finally:
        session.state.close()
    for name, term in (terms or {}).items():
        part = check(term, params, intended=intended, differences=differences)
        slopes += [dataclasses.replace(s, name=f"{name}: {s.name}") for s in part.slopes]
        session.stops |= {(s.place, s.kind): s for s in part.stops if s.matters}
    stops = list(session.stops.values())
    if any(s.matters and not s.intended for s in stops) or any(s.ok is False for s in slopes):
        ok = False
    elif (
        ok
        and differences
        and any(s.ok is None for s in slopes[:1] or [Slope("", 0, 0, 0, 0, None)])
    ):
        ok = None
    return Report(ok, stops, slopes, session.notes)


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
    gaps: list[list[tuple[float, float]]] = [[], [], []]
    for seed in range(directions):
        drawn = torch.Generator().manual_seed(seed)
        own = _derivatives(kernel, given, drawn)
        drawn.manual_seed(seed)
        true = _derivatives(reference, [t.to(torch.float64) for t in given], drawn)
        for kept, a, b in zip(gaps, own, true):
            kept.append((a, b))
    slopes: list[Slope] = []
    floor = max(torch.finfo(t.dtype).eps for t in given if t.is_floating_point())
    for name, pairs in zip(("values", "first derivative", "second derivative"), gaps):
        scale = math.sqrt(sum(b * b for _, b in pairs))
        off = math.sqrt(sum((a - b) ** 2 for a, b in pairs))
        expected = 10 * max([floor, *(s.error for s in slopes)]) * (scale or 1.0)
        ok = off <= expected if math.isfinite(off) else False
        told = f", off by {off / (scale or 1.0):.1e}, expected {expected / (scale or 1.0):.0e}"
        a, b = pairs[0]
        slopes.append(Slope(name, a, b, off / (scale or 1.0), 1.0, ok, told))
        if not ok:
            break
    return Report(all(s.ok for s in slopes), [], slopes, [])


def _derivatives(function, inputs, drawn) -> tuple[float, float, float]:
    """Along random directions: the function, its first derivative, and its second."""
    inputs = [t.clone().requires_grad_(t.is_floating_point()) for t in inputs]
    wanted = [t for t in inputs if t.requires_grad]
    out = function(*inputs)

    def along(tensor: Tensor) -> Tensor:
        weights = torch.randn(tensor.shape, generator=drawn, dtype=torch.float64)
        return (tensor.double() * weights.to(tensor.device)).sum()

    value = along(out)
    first = torch.autograd.grad(value, wanted, create_graph=True, materialize_grads=True)
    slope = sum(along(f) for f in first)
    if not slope.requires_grad:
        [torch.randn(t.shape, generator=drawn, dtype=torch.float64) for t in wanted]
        return value.item(), slope.item(), 0.0
    second = torch.autograd.grad(slope, wanted, materialize_grads=True)
    return value.item(), slope.item(), sum(along(s) for s in second).item()


def _explain(session: Check, error: RuntimeError) -> bool | None:
    """An error of autograd is an answer; every other one is the reader's."""
    said = _said(error, 160)
    if "use_reentrant" in said:
        session.notes.append(f"cannot be checked: {said[:120]}")
        return None
    signs = (
        "inplace",
        "nference tensors",
        "second time",
        "does not require grad",
        "not implemented",
        "derivative",
        "differentiate",
        "not have been used",
    )
    if not any(sign in said for sign in signs):
        raise error
    session.notes.append(f"its gradient raises: {said}")
    for stop in session.stops.values():
        stop.matters = stop.matters or None
    for place in dict.fromkeys(session.steps):
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
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec.loader.exec_module(module)
    params = getattr(module, chosen.params) if chosen.params else None
    report = check(getattr(module, name), params, intended=chosen.intended)
    print(report)
    return {True: 0, False: 1, None: 2}[report.ok]


if __name__ == "__main__" and len(sys.argv) > 1:
    sys.exit(main())
