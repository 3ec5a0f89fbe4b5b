"""What second derivatives through libraries are, and what is read of those that were not run."""

import ast
import tomllib
from collections import Counter
from pathlib import Path

from measured import kit
from measured.libraries import ALONE, RIGHT
from measured.libraries.run import HERE, libraries, program

FILE = Path(__file__).with_name("data.json")
#: Verdict -> how the table names it, and how the summary counts it; the gravest first.
VERDICTS = {
    "wrong": ("**wrong**", "are silently wrong"),
    "drops": ("**drops a part**", "silently drop a part"),
    "zero": ("**zero**", "are silently zero"),
    "nan": ("**nan**", "give `nan`"),
    "no graph": ("**no graph**", "leave no graph"),
    "first differs": ("first derivative differs", "differ in the first derivative already"),
    "raises": ("raises", "raise"),
    "raises at once": ("raises at once", "raise before there is a first derivative"),
    "right": ("right", "are right"),
}
#: Of a documented result, which is no fault.
MEANT = " (documented)"


def verdict(call: dict) -> str:
    """Say in a word what a call's derivative is, from the numbers and the message alone."""
    tensors = call.get("tensors", ())
    if "raises" in call:
        if call["order"] == 1:
            return "raises at once"
        return "no graph" if ALONE in call["raises"] and tensors else "raises"
    wrong = [one for one in tensors if not is_right(one)]
    if not wrong:
        return "right"
    if call["order"] == 1:
        return "first differs"
    if any(one["got"] == "NaN" for one in wrong):
        return "nan"
    if any(one["got"] for one in wrong):
        return "wrong"
    return "drops" if any(one["got"] for one in tensors) else "zero"


def is_right(one: dict) -> bool:
    """Tell whether what came out is the difference, up to its own error."""
    return isinstance(one["error"], float | int) and one["error"] <= RIGHT


def ran() -> dict[str, dict]:
    """Return the records of the libraries that ran, by name."""
    return {name: one for name, one in kit.load(FILE).items() if "calls" in one}


def summary(_) -> str:
    """How many calls of how many libraries came out how, and the stamp."""
    records, known = ran(), libraries()
    counts, meant = Counter(), 0
    for name, record in records.items():
        for call in record["calls"]:
            documented = call["call"] in known[name].get("documented", ())
            meant += documented
            counts[verdict(call)] += not documented
    parts = [f"{counts[key]} {says}" for key, (_, says) in VERDICTS.items() if counts[key]]
    total = counts.total() + meant
    torch, python, days = (
        sorted({record[key] for record in records.values()}) for key in ("torch", "Python", "date")
    )
    return (
        f"{len(records)} libraries, {total} calls: {', '.join(reversed(parts))}; {meant} give by "
        f"an option, or by what they are documented to be, something else than the derivative. "
        f"Measured with PyTorch {', '.join(torch)} on the CPU, Python {', '.join(python)}, "
        f"{' to '.join(dict.fromkeys((days[0], days[-1])))}."
    )


def glance(_) -> str:
    """A table: a row for each library, what its calls do, and the one to use."""
    known, rows = libraries(), []
    for name, record in ran().items():
        found = Counter(map(verdict, record["calls"]))
        said = ", ".join(f"{found[key]} {VERDICTS[key][0]}" for key in VERDICTS if found[key])
        use = ", ".join(f"`{call}`" for call in known[name].get("use", ()))
        use = use or ("all of them" if found["right"] else "none of them")
        rows.append((f"[{name}](#{anchor(name)})", said, use))
    return kit.table(("Library", "Of its calls that were tried", "Use"), rows)


def details(_) -> str:
    """A section for each library: what is to be known, and its calls."""
    known = libraries()
    return "\n\n".join(section(name, known[name], record) for name, record in ran().items())


def section(name: str, library: dict, record: dict) -> str:
    """One library: versions, advice, and a row for each call."""
    rows = [row(call, library) for call in record["calls"]]
    tried = ast.get_docstring(ast.parse(program(name).read_text(encoding="utf-8")))
    torch = "" if record["torch"] == kit.stamp()["torch"] else f" with PyTorch {record['torch']}"
    return (
        f"### {name}\n\n{library['says']}\n\n"
        f"Version {record['version']}{torch}, `{program(name).relative_to(kit.ROOT).as_posix()}`. "
        f"{tried}\n\n" + kit.table(("Call", "Second derivative", "What came out"), rows)
    )


def row(call: dict, library: dict) -> tuple[str, str, str]:
    """A call, its verdict, and the message or the error."""
    word = verdict(call)
    said = VERDICTS[word][0] + MEANT * (call["call"] in library.get("documented", ()))
    return f"`{call['call']}`", said, evidence(call)


def evidence(call: dict) -> str:
    """What it raised, or the tensor with the largest error beside the difference."""
    if "raises" in call:
        text = kit.shortened(call["raises"].replace("`", "'").replace("|", "/"), 200)
        return f"`{text}`"
    wrong = [one for one in call["tensors"] if not is_right(one)]
    if not wrong:
        return ""
    worst = max(wrong, key=lambda one: float(one["error"]))
    which = f", input {worst['name']}" if worst["name"] else ""
    return f"{worst['got']} where the difference has {worst['truth']}{which}"


def unrun(_) -> str:
    """A list of what could not be run, and why."""
    failed = {name: one["failed"] for name, one in kit.load(FILE).items() if "failed" in one}
    lines = [
        f"- **{name}** {libraries()[name]['install'][0].partition('==')[2]}: "
        f"{libraries()[name]['says']} `{kit.shortened(why, 200)}`"
        for name, why in failed.items()
    ]
    return "\n".join(lines)


def unread() -> dict[str, dict]:
    """Return what was read of the libraries that need a GPU or a compiler, by name."""
    return tomllib.loads((HERE / "read.toml").read_text(encoding="utf-8"))


def read(_) -> str:
    """A section for each library that was read and not run."""
    blocks = []
    for name, one in unread().items():
        blocks.append(
            f"### {name}\n\n{one['missing']}\n\n**Way out:** {one['out']}\n\n"
            f"Read, not run: `{one['place']}`, {one['version']}."
        )
    return "\n\n".join(blocks)


def anchor(name: str) -> str:
    """The place of a section on the page."""
    return name.lower()


PIECES = {"summary": summary, "table": glance, "details": details, "unrun": unrun, "read": read}
