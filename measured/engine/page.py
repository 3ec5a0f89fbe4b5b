"""What the page on verification says, made of runs: faults, mutants, and other tools.

The faults come from the table that the tests inject, the score from ``mutation.json``, which
``python -m proofread mutate`` writes, and the costs from ``data.json``.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import median, median_high

from measured import kit
from measured.engine import site as whole
from measured.engine.tools import CHECK, OURS, PEERS, PLAIN, TOOLS
from proofread.run.inside.limits import rows

FILE = Path(__file__).with_name("data.json")
SCORE = Path(__file__).with_name("mutation.json")
FAULTS = kit.ROOT / "tests/proofread/faults.toml"
#: How many times as much as another is allowed.
FASTEST, ISOLATED, WARM, LINEAR, FLAT = 1.2, 1 / 3, 1.05, 1.1, 1.1
#: Seconds from a saved file to the page that shows it, beyond plain MkDocs and the snippet's own.
REFRESH = 0.3
FAILED = "\n\n\\* It ended with an error, though each of these examples is true."


def limits(_) -> str:
    """What a snippet may use up, and where that holds."""
    return kit.table(("Limit", "Where"), rows())


# --- faults ---


def faults(_) -> str:
    """What can go wrong, and what the author sees then."""
    head, parts = ("What happens", "What the author sees", "Status"), []
    for group, members in groupby(injected(), key=lambda fault: fault["group"]):
        rows = [(fault["name"], code(fault["says"]), fault["exit"]) for fault in members]
        parts.append(f"### {group}\n\n{kit.table(head, rows)}")
    return "\n\n".join(parts)


def fault_count(_) -> str:
    """How many faults the tests inject."""
    return str(len(injected()))


def injected() -> list[dict]:
    """The faults that the tests inject."""
    return tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]


def code(text: str) -> str:
    """Write a text as code in a cell."""
    mark = "``" if "`" in text else "`"
    return mark + text.replace("|", "\\|") + mark


# --- mutants ---


def score(_) -> str:
    """The part of the mutants that somebody notices, for each part of the site."""
    parts, rows = {}, []
    for page, counts in kit.load(SCORE)["pages"].items():
        parts.setdefault(part_of(page), Counter()).update(counts)
    for name, counts in (*sorted(parts.items()), ("**all**", sum(parts.values(), Counter()))):
        caught, survive = counts["caught"], counts["survive"]
        part = 100 * caught / (caught + survive) if caught + survive else 100
        rows.append((name, counts.total(), caught, counts["justified"], survive, f"{part:.1f} %"))
    head = ("Part", "Changes tried", "Noticed", "Cannot matter", "Survive", "Strength")
    return kit.table(head, rows)


def score_stamp(_) -> str:
    """How the mutants were chosen, and when."""
    chosen = "{tried} changes, chosen by chance with seed {seed}, on {date}"
    return chosen.format_map(kit.load(SCORE))


def part_of(page: str) -> str:
    """The folder of a page, or of an oracle: ``learn``, ``oracles``."""
    if page.startswith("tests/"):
        return "oracles"
    return page.removeprefix("docs/").rpartition("/")[0] or "home, messages"


# --- the others ---


def measured(group: str) -> dict:
    """What was found for a group. Raises LookupError."""
    known = kit.load(FILE)
    if group not in known:
        raise LookupError(f"'{group}' was not measured (was: {', '.join(known)})")
    return known[group]


def site(_) -> str:
    """What authors of this site wait for, beside its pages without an engine; on the wall."""
    runs = measured("site")["runs"]
    ours, plain = runs[whole.OURS], runs[whole.PLAIN]
    rows = []
    for phase in (*whole.PHASES, *whole.SERVED):
        times = (f"{median(one[phase]['rounds']):.1f} s" for one in runs.values())
        part = ratio(ours[phase]["rounds"], plain[phase]["rounds"])
        rows.append((phase, *times, f"{part:.2f}"))
    peaks = (f"{max(one[phase]['peak'] for phase in whole.PHASES)} MiB" for one in runs.values())
    rows.append(("memory of a build, at most", *peaks, ""))
    return kit.table(("", *runs, f"{whole.OURS} : {whole.PLAIN}"), rows)


def site_size(_, what: str) -> str:
    """How many pages, or snippets, the site had."""
    return str(measured("site")[what])


def detects(_) -> str:
    """Which tool notices which mistake."""
    found = measured("faults")["faults"]
    names = [tool.name for tool in TOOLS if tool not in (CHECK, PLAIN)]
    signs = {"detected": "**yes**", "not detected": "no", "cannot be stated": "not stated"}
    rows = [(fault, *(signs[words[name]] for name in names)) for fault, words in found.items()]
    return kit.table(("Mistake", *names), rows)


def limit(_) -> str:
    """Seconds that a tool has for a page with a fault."""
    return str(measured("faults")["limit"])


def size(_, group: str) -> str:
    """How many examples a group has."""
    return str(measured(group)["examples"])


def costs(_, group: str) -> str:
    """What each tool took, in CPU seconds, and on the wall."""
    found, rows = measured(group)["costs"], []
    for tool in (tool for tool in TOOLS if tool.name in found):
        cold, times = found[tool.name]["cold"], [seconds(one) for one in found[tool.name].values()]
        times += ["as cold", "as cold"] * (len(times) == 1)
        mark = "\\*" if cold and cold["status"] else ""
        alone = "runs nothing" if tool is PLAIN else tool.isolates
        part = f"{cold['cpu'] / found[OURS.name]['cold']['cpu']:.2f}" if cold else seconds(None)
        rows.append((tool.name + mark, alone, *times, part))
    head = ("Tool", "Own process for", "Cold", "Warm", "One changed", "Cold, of ours")
    return kit.table(head, rows) + (FAILED if any("*" in row[0] for row in rows) else "")


def seconds(summary: dict | None) -> str:
    """Write the times of a run."""
    return f"{summary['cpu']:.1f} s ({summary['wall']:.1f} s)" if summary else "over the limit"


def stamp(_, group: str) -> str:
    """With what a group was measured."""
    where = measured(group)["stamp"]
    rounds, versions = where["rounds"], sorted(where["versions"].items())
    taken = "one round" if rounds == 1 else f"medians of {rounds} rounds in alternation"
    return (
        f"Measured on {where['date']}, {where['platform']}, {where['cores']} cores, Python "
        f"{where['Python']}, {', '.join(map(' '.join, versions))}; {taken}."
    )


def serve(_) -> str:
    """Seconds from a saved snippet to the page that shows it."""
    found = measured("serve")["seconds"]
    rows = [(name, f"{refresh(runs):.2f} s") for name, runs in found.items()]
    return kit.table(("Tool", "Saved file to refreshed page"), rows)


def refresh(runs: list[list[float]]) -> float:
    """The median over rounds of a server's median; the first save of a server is one of them."""
    return median_high(median_high(saves) for saves in runs)


def profile(_) -> str:
    """Where the time of a cold run goes, in CPU seconds from the start of Python."""
    rows = [(what, f"{took:.2f} s") for what, took in measured("profile")["seconds"].items()]
    return kit.table(("Until …", "CPU"), rows)


def each(_) -> str:
    """What one more example takes, in a process of its own."""
    found = measured("profile")["each"].items()
    rows = [(what, f"{1000 * one['cpu']:.0f} ms", one["pages"]) for what, one in found]
    return kit.table(("An example that …", "CPU", "Pages of memory"), rows)


def targets(_) -> str:
    """Each target beside what was measured."""
    rows = (
        (what, form.format(got), form.format(most), "met" if got <= most else "**missed**")
        for what, got, most, form in reached()
    )
    return kit.table(("Target", "Measured", "At most", "Verdict"), rows)


def reached() -> Iterator[tuple[str, float, float, str]]:
    """Yield what is compared, what was measured, the most that is allowed, and how to write it."""
    for group in ("own", "60", "250"):
        found = measured(group)["costs"]
        name = "this site's examples" if group == "own" else f"{group} examples"
        for ours in (OURS, CHECK):
            others = [tool for tool in PEERS if tool.builds == ours.builds]
            done = [tool for tool in others if found[tool.name]["cold"]]
            shared = [tool for tool in done if tool.isolates == "nothing"]
            fastest = min(shared, key=lambda tool: found[tool.name]["cold"]["cpu"])
            for tool in (fastest, *(tool for tool in done if tool not in shared)):
                part = of(found, ours, "cold", tool)
                most = FASTEST if tool is fastest else ISOLATED
                yield f"{name}, cold, {ours.name} : {tool.name}", part, most, "{:.2f}"
        part = of(found, OURS, "warm", PLAIN)
        yield f"{name}, warm, {OURS.name} : {PLAIN.name}", part, WARM, "{:.2f}"
    large, small = (measured(count)["costs"][OURS.name]["cold"] for count in ("1000", "250"))
    each = (large["cpu"] / 1000) / (small["cpu"] / 250)
    yield "CPU for one of 1000 examples : one of 250", each, LINEAR, "{:.2f}"
    yield "memory of the build, 1000 : 250 examples", large["peak"] / small["peak"], FLAT, "{:.2f}"
    served = measured("serve")["seconds"]
    more = refresh(served[OURS.name]) - refresh(served[PLAIN.name])
    yield "refreshed page, beyond plain MkDocs", more, REFRESH, "{:.2f} s"


def of(found, mine, phase, other) -> float:
    """The median ratio of CPU seconds to those of another tool from nothing, round by round."""
    return ratio(found[mine.name][phase]["rounds"], found[other.name]["cold"]["rounds"])


def ratio(mine: list[float], other: list[float]) -> float:
    """The median of the ratios of paired runs: what slows both down is in neither."""
    return median(a / b for a, b in zip(mine, other, strict=True))


WRITERS = (limits, faults, fault_count, score, score_stamp, detects, limit, costs, size, stamp)
WRITERS += (serve, profile, each, targets, site, site_size)
PIECES = {write.__name__.replace("_", "-"): write for write in WRITERS}
