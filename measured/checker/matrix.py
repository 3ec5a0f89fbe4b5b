"""What the tool says of each loss as people write it, right and broken in each way that applies."""

import torch

from measured.checker.breaks import HIDDEN, KINDS, build
from measured.checker.losses import LOSSES
from measured.checker.tool import check

SEEDS = range(20)
COEFFICIENTS = (1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
#: What is said of a loss that nobody broke, if it is as it should be, and of one that is broken.
RIGHT, FOUND = "right", "found with its line"


def kinds_of(name: str) -> list[str]:
    """The breaks that apply to a loss."""
    return [kind for kind in KINDS if build(LOSSES[name], kind)]


def coefficient(seed: int, kind: str | None = None) -> float:
    """The coefficient of a seed: each seed and break has another, and each occurs."""
    shift = KINDS.index(kind) if kind else 0
    return COEFFICIENTS[(seed + shift) % len(COEFFICIENTS)]


def verdict(name: str, kind: str | None, seed: int) -> str:
    """RIGHT, FOUND, or else all that the tool says of a loss, with this break or with none.

    Found is a break of which its line is named, and no other line.
    """
    factory, place = build(LOSSES[name], kind)
    torch.manual_seed(seed)
    report = check(*factory(coefficient(seed, kind)), differences=kind is None or kind in HIDDEN)
    if kind is None:
        return RIGHT if report.ok else str(report)
    lost = [stop for stop in report.stops if stop.matters is not False and not stop.intended]
    named = {str(stop.place) for stop in lost}
    is_found = report.ok is False and named == (set() if kind in HIDDEN else {place})
    return FOUND if is_found else str(report)


def verdicts(name: str, seed: int) -> dict[str, str]:
    """All verdicts on a loss, by kind of break."""
    found = {kind: verdict(name, kind, seed) for kind in kinds_of(name)}
    return {"right": verdict(name, None, seed), **found}
