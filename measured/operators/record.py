"""Measurements of all samples of an entry -> one record with a status, and the file of records."""

from collections import Counter
from pathlib import Path

from measured import kit
from measured.operators.measure import ROUTES

FILE = Path(__file__).with_name("data.json")
#: What two measurements of the same PyTorch agree on.
STABLE = ("status", "samples", "judged", "passed", "errors")


def load() -> dict[str, dict]:
    """Return the committed records by name."""
    return {f"{one['kind']} {one['key']}": one for one in kit.load(FILE).get("operators", ())}


def results(records: dict[str, dict]) -> dict[str, object]:
    """Return what two measurements are compared by: {what: result}."""
    found = {}
    for record in records.values():
        # What people call may be called as an operator of the database is.
        name = record["key"] + " (called)" * (record["kind"] == "called")
        routes = {route: text.split(":")[0] for route, text in record.get("routes", {}).items()}
        for part, result in ({part: record.get(part) for part in STABLE} | routes).items():
            found[f"{name}: {part}"] = result
    return found


def record(entry, found: list[dict], seconds: float, why: str = "") -> dict:
    """Summarize; ``status`` is one of those on the page, and ``why`` tells of an empty record."""
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
