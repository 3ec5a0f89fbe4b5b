"""A MkDocs hook: what the page on verification says, made of runs.

``<!-- verification: NAME -->`` on that page stands for a table. The faults come from the table that
the tests inject, the score from ``tests/mutation.json`` and the costs from
``benchmarks/peers.json``, which the commands named on the page write.
"""

import json
import re
import tomllib
from collections import Counter
from itertools import groupby
from pathlib import Path

from mkdocs.exceptions import PluginError

from measured.engine.peer.clock import ratio
from measured.engine.peer.tools import CHECK, OURS, PEERS, PLAIN, TOOLS

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "tests/proofread/faults.toml"
SCORE = ROOT / "measured/engine/mutation.json"
PEERS_FILE = ROOT / "measured/engine/peers.json"
PLACE = re.compile(r"<!-- verification: (.+?) -->")
#: How many times as much as another is allowed.
FASTEST, ISOLATED, WARM, LINEAR, FLAT = 1.2, 1 / 3, 1.05, 1.1, 1.1
#: Seconds from a saved file to the page that shows it, beyond plain MkDocs and the snippet's own.
REFRESH = 0.3

FAILED = "\n\n\\* It ended with an error, though each of these examples is true."


def on_page_markdown(markdown, page, **_):
    """Write the tables in their places."""
    if not PLACE.search(markdown):
        return markdown

    def made(place):
        name, *rest = place[1].split()
        try:
            return PIECES[name](*rest)
        except KeyError as error:
            raise PluginError(
                f"docs/{page.file.src_uri}: no result {error} for {place[1]!r}"
            ) from None

    return PLACE.sub(made, markdown)


# --- faults ---


def faults():
    """What can go wrong, and what the author sees then."""
    listed = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    parts = []
    for group, members in groupby(listed, key=lambda fault: fault["group"]):
        rows = [(fault["name"], code(fault["says"]), str(fault["exit"])) for fault in members]
        parts.append(
            f"### {group}\n\n" + table(("What happens", "What the author sees", "Status"), rows)
        )
    return "\n\n".join(parts)


def fault_count():
    return str(len(tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]))


# --- mutants ---


def score():
    """The part of the mutants that somebody notices, for each part of the site."""
    known = json.loads(SCORE.read_text(encoding="utf-8"))
    parts = {}
    for page, counts in known["pages"].items():
        part = parts.setdefault(part_of(page), Counter())
        part.update(counts)
    rows = [(name, *strength(counts)) for name, counts in sorted(parts.items())]
    rows.append(("**all**", *strength(sum(parts.values(), Counter()))))
    return table(("Part", "Changes tried", "Noticed", "Cannot matter", "Survive", "Strength"), rows)


def part_of(page):
    """The folder of a page, or of an oracle: ``learn``, ``oracles``."""
    if page.startswith("tests/"):
        return "oracles"
    return page.removeprefix("docs/").rpartition("/")[0] or "home, messages"


def strength(counts):
    """Counts of one row, and the part of the changes that could be noticed and were."""
    caught, survive = counts["caught"], counts["survive"]
    part = 100 * caught / (caught + survive) if caught + survive else 100
    numbers = (sum(counts.values()), caught, counts["justified"], survive)
    return (*map(str, numbers), f"{part:.1f} %")


def score_stamp():
    known = json.loads(SCORE.read_text(encoding="utf-8"))
    return (
        f"{known['tried']} changes, chosen by chance with seed {known['seed']}, on {known['date']}"
    )


# --- the others ---


def measured(group):
    """What the benchmark found for a group. Raises KeyError."""
    return json.loads(PEERS_FILE.read_text(encoding="utf-8"))[group]


def detects():
    """Which tool notices which mistake."""
    found = measured("faults")["faults"]
    names = [tool.name for tool in TOOLS if tool.runs and tool is not CHECK]
    signs = {"detected": "**yes**", "not detected": "no", "cannot be stated": "not stated"}
    rows = [(fault, *(signs[words[name]] for name in names)) for fault, words in found.items()]
    return table(("Mistake", *names), rows)


def limit():
    return str(measured("faults")["limit"])


def costs(group):
    """What each tool took, in CPU seconds, and on the wall."""
    found = measured(group)["costs"]
    ours = found[OURS.name]["cold"]["cpu"]
    rows, failed = [], False
    for tool in TOOLS:
        if tool.name in found:
            phases = found[tool.name]
            times = [seconds(phases.get(phase)) for phase in ("cold", "warm", "changed")]
            cold = phases["cold"]
            times = times if len(phases) > 1 else [times[0], "as cold", "as cold"]
            part = f"{cold['cpu'] / ours:.2f}" if cold else "over the limit"
            mark = "\\*" if cold and cold["status"] else ""
            failed = failed or bool(mark)
            rows.append((tool.name + mark, alone(tool), *times, part))
    head = ("Tool", "Own process for", "Cold", "Warm", "One changed", "Cold, of ours")
    return table(head, rows) + (FAILED if failed else "")


def alone(tool):
    if not tool.runs:
        return "runs nothing"
    return f"each {tool.isolates}" if tool.isolates else "nothing"


def seconds(summary):
    return f"{summary['cpu']:.1f} s ({summary['wall']:.1f} s)" if summary else "over the limit"


def stamp(group):
    """With what a group was measured."""
    where = measured(group)["stamp"]
    rounds = where["rounds"]
    taken = "one round" if rounds == 1 else f"medians of {rounds} rounds in alternation"
    versions = ", ".join(f"{name} {version}" for name, version in sorted(where["versions"].items()))
    return (
        f"Measured on {where['date']}, {where['platform']}, {where['cores']} cores, Python "
        f"{where['Python']}, {versions}; {taken}."
    )


def size(group):
    return str(measured(group)["examples"])


def serve():
    """Seconds from a saved snippet to the page that shows it."""
    found = measured("serve")["seconds"]
    rows = [(name, f"{refresh(runs):.2f} s") for name, runs in found.items()]
    return table(("Tool", "Saved file to refreshed page"), rows)


def refresh(runs):
    """The median over rounds of a server's median; the first save of a server is one of them."""
    middles = sorted(sorted(saves)[len(saves) // 2] for saves in runs)
    return middles[len(middles) // 2]


def profile():
    """Where the time of a cold run goes, in CPU seconds from the start of Python."""
    rows = [(what, f"{took:.2f} s") for what, took in measured("profile")["seconds"].items()]
    return table(("Until …", "CPU"), rows)


def each():
    """What one more example takes, in a process of its own."""
    rows = [
        (what, f"{1000 * took['cpu']:.0f} ms", str(took["pages"]))
        for what, took in measured("profile")["each"].items()
    ]
    return table(("An example that …", "CPU", "Pages of memory"), rows)


def targets():
    """Each target beside what was measured."""
    rows = []
    for what, got, limit, text in reached():
        word = "met" if got <= limit else "**missed**"
        rows.append((what, text.format(got), text.format(limit), word))
    return table(("Target", "Measured", "At most", ""), rows)


def reached():
    """Yield what is compared, what was measured, the most that is allowed, and how to write it."""
    for group in ("own", "60", "250"):
        found = measured(group)["costs"]
        name = "this site's examples" if group == "own" else f"{group} examples"
        for ours, others in ((OURS, builders()), (CHECK, testers())):
            plain = [t for t in others if not t.isolates and found[t.name]["cold"]]
            fastest = min(plain, key=lambda t: found[t.name]["cold"]["cpu"])
            part = of(found, ours, fastest, "cold")
            yield f"{name}, cold, {ours.name} : {fastest.name}", part, FASTEST, "{:.2f}"
            for tool in others:
                if tool.isolates and found[tool.name]["cold"]:
                    part = of(found, ours, tool, "cold")
                    yield f"{name}, cold, {ours.name} : {tool.name}", part, ISOLATED, "{:.2f}"
        plain = found[PLAIN.name]["cold"]["rounds"]
        part = ratio(found[OURS.name]["warm"]["rounds"], plain)
        yield f"{name}, warm, {OURS.name} : {PLAIN.name}", part, WARM, "{:.2f}"
    large, small = measured("1000"), measured("250")
    each = [m["costs"][OURS.name]["cold"]["cpu"] / m["examples"] for m in (large, small)]
    yield "CPU for one of 1000 examples : one of 250", each[0] / each[1], LINEAR, "{:.2f}"
    peaks = [m["costs"][OURS.name]["cold"]["peak"] for m in (large, small)]
    yield "memory of the build, 1000 : 250 examples", peaks[0] / peaks[1], FLAT, "{:.2f}"
    served = measured("serve")["seconds"]
    more = refresh(served[OURS.name]) - refresh(served[PLAIN.name])
    yield "refreshed page, beyond plain MkDocs", more, REFRESH, "{:.2f} s"


def of(found, mine, other, phase):
    """The median ratio of CPU seconds, round by round."""
    return ratio(found[mine.name][phase]["rounds"], found[other.name][phase]["rounds"])


def builders():
    return [tool for tool in PEERS if tool.builds]


def testers():
    return [tool for tool in PEERS if not tool.builds]


# --- Markdown ---


def table(head, rows):
    head = [word or "Verdict" for word in head]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text):
    mark = "``" if "`" in text else "`"
    return mark + text.replace("|", "\\|") + mark


PIECES = {
    "faults": faults,
    "fault-count": fault_count,
    "score": score,
    "score-stamp": score_stamp,
    "detects": detects,
    "limit": limit,
    "costs": costs,
    "size": size,
    "stamp": stamp,
    "serve": serve,
    "profile": profile,
    "each": each,
    "targets": targets,
}
