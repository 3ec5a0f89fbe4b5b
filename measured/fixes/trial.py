"""Try a fix in a setting: is what it trains on differentiated rightly there?"""

import contextlib
import copy
import functools
import inspect
import runpy
import warnings
from collections.abc import Callable

import torch

from measured import kit
from measured.fixes.page import HOLDS
from measured.fixes.settings import SETTINGS, Case

#: Half a step of a central difference in float64, and the error, relative to the gradient's length,
#: that it leaves.
STEP, TOLERANCE, DIRECTIONS = 1e-6, 1e-4, 2
#: The relative error that a number type of 11 or 8 bits leaves after two backward passes.
ROUGH = {torch.float16: 5e-2, torch.bfloat16: 2e-1}


#: What a fix may meet; all else is a mistake of the trial.
FAILURES = (RuntimeError, ValueError, TypeError, AttributeError, AssertionError)
#: Steps of an optimizer that each trial takes, so that what one step leaves is met by the next.
STEPS = 2


def load(place: str) -> Callable:
    """Return the function that ``folder/snippet.py:name`` names. Raises LookupError."""
    path, _, name = place.partition(":")
    values = runpy.run_path(str(kit.ROOT / "snippets" / path), run_name="__main__")
    if not callable(values.get(name)):
        raise LookupError(f"snippets/{path} defines no function {name}")
    return values[name]


def try_out(fix: Callable, setting: str) -> str:
    """Say ``holds``, or what goes wrong: what is raised, or by how much the gradient is off."""
    torch.manual_seed(0)
    with warnings.catch_warnings(), contextlib.contextmanager(SETTINGS[setting])() as case:
        warnings.simplefilter("ignore")
        try:
            return judged(fix, case)
        except FAILURES as error:
            line = str(error).strip().partition("\n")[0]
            return f"raises {type(error).__name__}: {kit.shortened(line, 100)}"


def judged(fix: Callable, case: Case) -> str:
    """Take a few steps of training; at each, compare the gradient with an independent one."""
    arguments = len(inspect.signature(fix).parameters) - 1
    exact, inputs = copy.deepcopy(case.plain), (case.x, case.y)[:arguments]
    net = (case.net or case.plain).to(case.dtype)
    optimizer = torch.optim.SGD(trained(net), lr=1e-2)
    for step in range(STEPS):
        optimizer.zero_grad()
        exact.load_state_dict(case.plain.state_dict())
        seeded = functools.partial(with_seed, step, fix)
        with case.around():
            found = case.gradient(seeded, net, [one.to(case.dtype) for one in inputs])
        with case.around(), torch.enable_grad():
            verdict = compared(found, seeded, exact, inputs, ROUGH.get(case.dtype))
        if verdict != HOLDS:
            return verdict
        optimizer.step()
        case.after()
    return HOLDS


def with_seed(seed: int, fix: Callable, *inputs) -> torch.Tensor:
    """Call a fix with the random numbers of a seed."""
    torch.manual_seed(seed)
    return fix(*inputs)


def compared(found: list, fix: Callable, exact, inputs: tuple, rough: float | None) -> str:
    """Say whether a gradient is the derivative of what the fix returns.

    In float64 against differences along random directions, in a coarser type against the same
    gradient in float64, which the other settings have compared with differences.
    """
    if not all(one.isfinite().all() for one in found):
        return "gives a gradient that is not finite"
    length = torch.cat([one.double().flatten() for one in found]).norm().item()
    if not length:
        return "gives a gradient of zero"
    if rough is not None:
        pairs = zip(found, torch.autograd.grad(fix(exact, *inputs), trained(exact)), strict=True)
        off = sum(((a - b) ** 2).sum() for a, b in pairs).sqrt().item() / length
        return HOLDS if off < rough else f"gives a gradient that is off by {off:.1%}"
    for seed in range(DIRECTIONS):
        along = directions(exact, seed)
        slope = sum((a * b).sum() for a, b in zip(found, along, strict=True)).item()
        off = abs(slope - difference(fix, exact, along, inputs)) / length
        if off > TOLERANCE:
            return f"gives a gradient that is off by {off:.1%}"
    return HOLDS


def directions(net, seed: int) -> list[torch.Tensor]:
    """A random direction of length 1 in the space of the trained parameters."""
    rng = torch.Generator().manual_seed(seed)
    drawn = [torch.randn(p.shape, generator=rng, dtype=p.dtype) for p in trained(net)]
    length = sum((one**2).sum() for one in drawn).sqrt()
    return [one / length for one in drawn]


def difference(fix: Callable, net, along: list[torch.Tensor], inputs: tuple) -> float:
    """The slope of what the fix returns along a direction, by a central difference."""
    values = []
    for move in (STEP, -2 * STEP):
        with torch.no_grad():
            for one, step in zip(trained(net), along, strict=True):
                one.add_(step, alpha=move)
        values.append(fix(net, *inputs).item())
    with torch.no_grad():
        for one, step in zip(trained(net), along, strict=True):
            one.add_(step, alpha=STEP)
    return (values[0] - values[1]) / (2 * STEP)


def trained(net) -> list[torch.Tensor]:
    """The parameters that an optimizer would be given."""
    return [one for one in net.parameters() if one.requires_grad]
