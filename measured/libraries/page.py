"""What a second derivative through a library does, and what is read of those that were not run."""

from pathlib import Path

from measured.libraries.inside import ALONE, RIGHT

FILE = Path(__file__).with_name("data.json")


def verdict(call: dict) -> str:
    """Say in a word what a call's derivative is, from the numbers and the message alone."""
    worst = max((one["error"] for one in call.get("tensors", ())), default=0.0)
    if ALONE in call.get("raises", ""):
        return "no graph"
    if "raises" in call:
        return "raises at once" if call["order"] == 1 else "raises"
    if worst <= RIGHT:
        return "right"
    if call["order"] == 1:
        return "first wrong"
    moving = [one for one in call["tensors"] if one["error"] > RIGHT]
    if all(one["got"] == 0 for one in call["tensors"]):
        return "zero"
    return "drops" if all(one["got"] == 0 for one in moving) else "wrong"


PIECES = {}
