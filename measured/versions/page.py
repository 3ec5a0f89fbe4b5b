"""What differs in other versions of PyTorch: the page about it, and notes on other pages."""

import posixpath
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from measured import kit
from measured.versions.difference import KINDS
from proofread.read.page import fence
from proofread.read.snippet import squeeze
from proofread.run.cache import torch_build
from proofread.show.kinds import Include

FILE = Path(__file__).with_name("data.json")
#: Columns of the summary, each of which counts some kinds.
COLUMNS = ("API missing", "Raises or silent", "Right or wrong", "Other result", "Other digits")
COLUMNS += ("Warns or quiet", "Other words")
#: What is missing, as a message names it.
MISSING = (
    (r"No module named '([\w.]+)'", r"`\1`"),
    (r"module '([\w.]+)' has no attribute '(\w+)'", r"`\1.\2`"),
    (r"'(\w+)' object has no attribute '(\w+)'", r"`\1.\2`"),
    (r"cannot import name '(\w+)' from '([\w.]+)'", r"`\2.\1`"),
    (
        r"TypeError: (.+?)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'",
        r"`\2=` of `\1`",
    ),
    (r'"(\w+)" not implemented for \'(\w+)\'', r"`\1` for `\2` on the CPU"),
    (r"forward\(\) takes", "`setup_context` of `torch.autograd.Function`"),
    (r"Python (3\.\d+)\+ not yet supported for torch\.compile", r"`torch.compile` on Python \1"),
)
#: What two wordings of a message share that differ in numbers, shapes and names.
VARIES = re.compile(r"\(Triggered internally at [^)]*\)|\d+|\[[^\]]*\]|'[^']*'")
ANNOUNCES = re.compile(r"(?:Deprecation|Future)Warning: ")
#: Kinds whose numbers are what differs.
EXACT = ("right", "wrong", "value")
HEADING = 110
#: How much of a text stands in a sentence, in characters.
QUOTED = 240


class Shown(NamedTuple):
    """A difference, and where the site shows the snippet."""

    version: str
    kind: str
    name: str
    stated: str
    got: str
    #: Path of the page below docs/, its title, and the place there.
    uri: str
    title: str
    anchor: str

    @property
    def announces(self):
        """Whether it is about a name that will go, and not about a derivative."""
        return ANNOUNCES.match(self.stated or self.got) is not None

    @property
    def matters(self):
        """Whether a truth differs."""
        return bool(KINDS[self.kind].sentence) and not self.announces


def load() -> dict[str, dict]:
    """Return the committed records by version, oldest first."""
    return kit.load(FILE)


def order(version: str) -> tuple[int, ...]:
    """A version as numbers, to sort by."""
    return tuple(map(int, version.partition("+")[0].split(".")))


def located(records: dict, report, pages=None) -> list[Shown]:
    """Return what differs with each place that shows it, on these pages or on all.

    A snippet that has changed since it ran, or is gone, is left out: nothing is known of it.
    """
    places = {}
    for page in report.pages.values() if pages is None else pages:
        uri, title = page.path.removeprefix("docs/"), page.meta.get("title", page.path)
        for piece in page.of(Include):
            places.setdefault(piece.name, {}).setdefault(uri, (uri, title, piece.anchor))
    return [
        Shown(version, one["kind"], one["name"], one["stated"], one["got"], *place)
        for version, record in records.items()
        for one in record["differs"]
        if is_current(one, report)
        for place in places.get(one["name"], {}).values()
    ]


def is_current(one: dict, report) -> bool:
    """Tell whether the text that ran is the one that is shown."""
    snippet = getattr(report.verdicts.get(one["name"]), "snippet", None)
    return snippet is not None and snippet.digest.startswith(one["sha256"])


def note(seen) -> str:
    """A box for a page that shows what is true in some versions only, or ""."""
    told = [one for one in located(load(), seen.report, [seen.page]) if one.matters]
    if not told:
        return ""
    uri = told[0].uri
    lines = [f"    - {sentence}" for sentence in sentences(told, uri)]
    more = f"    Measured: [all differences]({path('reference/versions.md', uri)})."
    return "\n".join(['!!! note "In other versions of PyTorch"\n', *lines, "", more, ""])


def stamp(seen) -> str:
    """Say where and when it ran, and how much of it is left out."""
    records = load().values()
    runs = dict.fromkeys((r["ran"], r["platform"], r["Python"], r["date"]) for r in records)
    said = "; ".join("{} snippets on the CPU, {}, Python {}, {}".format(*run) for run in runs)
    stale = sum(not is_current(one, seen.report) for r in records for one in r["differs"])
    left = f" {stale} differences are left out: their code has changed since." if stale else ""
    return f"Run with {listed(record['torch'] for record in records)}: {said}.{left}"


def summary(_) -> str:
    """A table: a row for each version, and how many snippets differ in which way."""
    here, rows = torch_build()[0].partition("+")[0], []
    for version, record in load().items():
        counts = Counter()
        for kind, count in record["counts"].items():
            counts[KINDS[kind].column] += count
        name = version + " (here)" * (version == here)
        rows.append((name, record["same"], *(counts[column] for column in COLUMNS)))
    columns = [
        column
        for column in zip(("PyTorch", "Same", *COLUMNS), *rows, strict=True)
        if any(column[1:])
    ]
    head, *rows = zip(*columns, strict=True)
    return kit.table(head, rows, numbers=True)


def glance(told, uri):
    """For each version, in which way the pages differ, the gravest first."""
    lines = []
    for _, found in sorted(grouped(told, lambda one: order(one.version))):
        lines.append(f"- **PyTorch {found[0].version}**")
        kinds = dict(grouped(found, lambda one: one.kind))
        lines += [f"    - {KINDS[k].says}: {pages(kinds[k], uri)}" for k in KINDS if k in kinds]
    return "\n".join(lines)


def truths(told, uri):
    """Below the title of each page, what is true there in some versions only."""
    blocks = []
    for (title, home), here in sorted(grouped(told, lambda one: (one.title, one.uri))):
        told_here = [f"- {sentence}" for sentence in sentences(here, uri)]
        blocks += [f"### [{title}]({path(home, uri)})\n", *told_here, ""]
    return "\n".join(blocks)


def grouped(told, key):
    """Return pairs of a key and the differences that have it."""
    groups = {}
    for one in told:
        groups.setdefault(key(one), []).append(one)
    return groups.items()


def homes(told):
    """Keep of each snippet one page: the one whose folder it lies in, or the first."""
    kept = {}
    for one in told:
        mirrored = posixpath.dirname(one.name).replace("_", "-") + ".md"
        if one.name not in kept or one.uri == mirrored:
            kept[one.name] = one.uri
    return [one for one in told if one.uri == kept[one.name]]


def sentences(told, uri):
    """Yield one sentence for each snippet and way to differ, with its versions."""
    for _, found in grouped(told, lambda one: (one.name, one.kind, gist(one))):
        one = found[-1]
        place = f"{'' if one.uri == uri else path(one.uri, uri)}#{one.anchor}"
        code = f"[`{posixpath.basename(one.name)}`]({place})"
        yield f"**PyTorch {listed(f.version for f in found)}:** {code} {claim(one)}"


def gist(one):
    """What it gives; but for kinds that are exact, without what varies from version to version."""
    return one.got if one.kind in EXACT else VARIES.sub("", one.got)


def claim(one):
    """Say how a snippet differs."""
    stated, got = map(quoted, different(one.stated, one.got))
    prints = f", and prints {got}" if got else ""
    texts = {"stated": stated or "nothing", "got": got or "nothing", "and_prints": prints}
    return KINDS[one.kind].sentence.format_map(texts)


def different(one, other):
    """Of two texts of several lines, keep the lines that the other does not have."""
    lines, others = one.splitlines(), other.splitlines()
    if min(len(lines), len(others)) < 2:
        return one, other
    mine = [line for line in lines if line not in others]
    return "\n".join(mine), "\n".join(line for line in others if line not in lines)


def quoted(text):
    """Write a text as code in a sentence, each of its lines for itself."""
    lines, left = [], QUOTED
    for line in text.splitlines():
        line = squeeze(line).replace("`", "'")
        if line.endswith(".") and not line.endswith(".."):
            line = line[:-1]  # The sentence has its own.
        lines.append(kit.shortened(line, left).strip())
        left -= len(line)
        if left < 0:
            break
    return ", ".join(f"`{line}`" for line in lines if line)


def wordings(told, uri):
    """Each message or warning in its wordings, collapsed; below, the pages that show it."""
    groups, blocks = {}, []
    for one in told:
        text = topic(one.stated or one.got)
        # Where a snippet states a part of a message, it is the one that others state in full.
        known = (key for key in groups if key.startswith(text) or text.startswith(key))
        groups.setdefault(next(known, text), []).append(one)
    for found in groups.values():
        stated = max((one.stated for one in found), key=len)
        title = squeeze(stated or found[0].got).replace('"', "'").replace("`", "'")
        blocks.append(f'??? note "{kit.shortened(title, HEADING)}"\n')
        if stated:
            blocks.append(f"    Here:\n\n{fence('    ', 'text', stated)}")
        for _, same in grouped(found, gist):
            got = same[0].got
            said = f":\n\n{fence('    ', 'text', got)}" if got else ": no such warning.\n"
            blocks.append(f"    PyTorch {listed(one.version for one in same)}{said}")
        blocks.append(f"    Shown on {pages(found, uri)}.\n")
    return "\n".join(blocks)


def topic(message):
    """What is said, without its type, and without what its snippet leaves open."""
    text = message.partition(": ")[2] or message
    return VARIES.sub("", text.partition("...")[0]).strip()


def missing(told, uri):
    """A table of what is missing, in which versions, and the pages that need it."""
    groups = sorted(grouped(told, lambda one: lacking(one.got)), key=lambda one: one[0].lower())
    rows = ((name, listed(f.version for f in found), pages(found, uri)) for name, found in groups)
    return kit.table(("Not there", "In PyTorch", "Needed on"), rows)


def lacking(message):
    """Name what a message misses."""
    for pattern, name in MISSING:
        if found := re.search(pattern, message):
            return found.expand(name)
    return quoted(message)


def pages(found, uri):
    """Links to the pages of these differences."""
    homes = dict.fromkeys((one.uri, one.title) for one in found)
    return ", ".join(f"[{title}]({path(home, uri)})" for home, title in homes)


def path(other, uri):
    """The way from one page to another."""
    return posixpath.relpath(other, posixpath.dirname(uri))


def listed(names):
    """Write versions in words, oldest first."""
    *most, last = sorted(set(names), key=order)
    return f"{', '.join(most)} and {last}" if most else last


def piece(write, keep, choose=list):
    """Return a piece that writes what is kept of all differences, or of those chosen first."""

    def made(seen):
        told = choose(located(load(), seen.report))
        return write(list(filter(keep, told)), seen.page.path.removeprefix("docs/"))

    return made


PIECES = {
    "stamp": stamp,
    "summary": summary,
    "glance": piece(glance, lambda one: one.matters, homes),
    "truth": piece(truths, lambda one: one.matters, homes),
    "messages": piece(wordings, lambda one: one.kind == "message" and not one.announces),
    "announcements": piece(wordings, lambda one: one.announces),
    "missing": piece(missing, lambda one: one.kind == "lacks"),
}
