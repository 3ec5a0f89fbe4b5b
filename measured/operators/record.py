"""Measurements of all samples of an entry -> one record with a status."""

from collections import Counter

from measured.operators.measure import ROUTES

#: From best to worst.
STATUSES = (
    "works twice",
    "second derivative zero",
    "works in part",
    "first derivative only",
    "wrong or doubtful",
    "not differentiable",
    "not measured",
)


def record(entry, found, seconds, why=""):
    """Summarize; ``status`` is one of STATUSES, and ``why`` tells why nothing was measured."""
    outcomes = Counter(one["outcome"] for one in found)
    judged = [one for one in found if one["outcome"] != "not differentiable"]
    errors = Counter(f"{one['outcome']}: {one['error']}" for one in judged if one["error"])
    return {
        "kind": entry.kind,
        "key": entry.key,
        "declared": entry.declared,
        "samples": len(found),
        "judged": len(judged),
        "passed": outcomes["pass"],
        "errors": dict(sorted(errors.items())),
        "routes": {route: _route(judged, route) for route in (*ROUTES, "third")},
        "status": _status(found, judged, outcomes),
        "why": why or ("" if found else "no sample in float64"),
        "seconds": round(seconds, 2),
    }


def _status(found, judged, outcomes):
    if not found:
        return "not measured"
    if not judged:
        return "not differentiable"
    if outcomes["pass"] == len(judged):
        zero = [one["zero"] for one in judged if "zero" in one]
        return "second derivative zero" if zero and all(zero) else "works twice"
    if outcomes["pass"]:
        return "works in part"
    return "first derivative only" if outcomes["raises"] else "wrong or doubtful"


def _route(judged, route):
    """The worst of what a route gave: a wrong value, an error, or "right"."""
    answers = [one[route] for one in judged if route in one and one[route] != "doubtful"]
    wrong = [a for a in answers if a.startswith("wrong")]
    raised = [a for a in answers if a.startswith("raises")]
    if wrong:
        return f"{wrong[0]} ({len(wrong)} of {len(answers)})"
    if raised:
        return raised[0]
    return "right" if answers else "not compared"
