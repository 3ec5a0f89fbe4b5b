"""A MkDocs hook: ``versions/versions.json`` -> the page about other versions, and notes on pages.

``<!-- versions: NAME -->`` stands for a part of that page. Every other page that shows something
that is true in some versions only gets a note on it, before what is related.
"""

import posixpath
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from mkdocs.exceptions import PluginError

from measured.versions.data import load, order
from measured.versions.difference import KINDS, TRUTH
from proofread.read.page import fence, read_page
from proofread.read.snippet import squeeze
from proofread.run.cache import torch_build

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"<!-- versions: (\w+) -->")
#: A note stands before this heading.
END = "\n## Related\n"
#: Column of the summary -> the kinds that it counts.
COLUMNS = {
    "Same": ("same",),
    "API missing": ("lacks",),
    "Raises or silent": ("raises", "silent", "ended"),
    "Right or wrong": ("right", "wrong"),
    "Other result": ("value",),
    "Other digits": ("digits",),
    "Warns or quiet": ("warns", "quiet"),
    "Other words": ("message",),
}
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

    def link(self, uri, text):
        """Return a Markdown link to the snippet, from the page at ``uri``."""
        path = posixpath.relpath(self.uri, posixpath.dirname(uri)) if self.uri != uri else ""
        return f"[{text}]({path}#{self.anchor})"

    @property
    def announces(self):
        """Whether it is about a name that will go, and not about a derivative."""
        return ANNOUNCES.match(self.stated or self.got) is not None

    @property
    def matters(self):
        """Whether a truth differs."""
        return self.kind in TRUTH and not self.announces


#: The committed records, and what differs on the pages of this build.
_records, _shown = {}, []


def on_files(files, config):
    """Read the committed data, and where the site shows each snippet."""
    _records.clear()
    _records.update(load())
    _shown[:] = located(_records, Path(config.docs_dir), ROOT / "snippets")
    return files


def on_page_markdown(markdown, page, **_):
    """Write the page about versions, or a note on another page."""
    uri = page.file.src_uri
    if PLACE.search(markdown):
        return PLACE.sub(lambda place: part(place[1], uri), markdown)
    told = [one for one in _shown if one.uri == uri and one.matters]
    return markdown.replace(END, f"\n{note(told, uri)}{END}", 1) if told else markdown


def located(records, docs, snippets):
    """Return what differs with each place that shows it.

    A snippet that has changed since it ran, or is gone, is left out: nothing is known of it.
    """
    places = {}
    for path in sorted(docs.rglob("*.md")):
        page = read_page(path, path.relative_to(docs).as_posix())
        title = page.meta.get("title", page.path)
        for piece in page.includes:
            here = places.setdefault(piece.name, {})
            here.setdefault(page.path, (title, piece.anchor))
    return [
        Shown(version, one["kind"], one["name"], one["stated"], one["got"], uri, *where)
        for version, record in records.items()
        for one in record["differs"]
        if is_current(one, snippets)
        for uri, where in places.get(one["name"], {}).items()
    ]


def is_current(one, snippets):
    """Tell whether the text that ran is the one that is shown."""
    path = snippets / one["name"]
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    return sha256(text.encode()).hexdigest().startswith(one["sha256"])


def part(what, uri):
    """Return the Markdown of one part. Raises PluginError if there is no such part."""
    said = [one for one in _shown if one.kind == "message" or one.announces]
    parts = {
        "stamp": lambda: stamp(_records, ROOT / "snippets"),
        "summary": lambda: summary(_records),
        "glance": lambda: glance([one for one in homes(_shown) if one.matters], uri),
        "truth": lambda: truths([one for one in homes(_shown) if one.matters], uri),
        "messages": lambda: wordings([one for one in said if not one.announces], uri),
        "announcements": lambda: wordings([one for one in said if one.announces], uri),
        "missing": lambda: missing([one for one in _shown if one.kind == "lacks"], uri),
    }
    if what not in parts:
        raise PluginError(f"versions: no part '{what}' (has: {', '.join(parts)})")
    return parts[what]()


def stamp(records, snippets):
    """Say where and when it ran, and how much of it is left out."""
    runs = Counter((r["platform"], r["Python"], r["date"], r["ran"]) for r in records.values())
    said = [
        f"{ran} snippets on the CPU, {platform}, Python {python}, {date}"
        for platform, python, date, ran in runs
    ]
    differences = [one for record in records.values() for one in record["differs"]]
    stale = sum(not is_current(one, snippets) for one in differences)
    left = f" {stale} differences are left out: their code has changed since." if stale else ""
    versions = listed(record["torch"] for record in records.values())
    return f"Run with {versions}: {'; '.join(said)}.{left}"


def summary(records):
    """A table: a row for each version, and how many snippets differ in which way."""
    counts = {
        version: {
            column: sum({"same": record["same"], **record["counts"]}.get(k, 0) for k in kinds)
            for column, kinds in COLUMNS.items()
        }
        for version, record in records.items()
    }
    here = torch_build()[0].partition("+")[0]
    columns = [column for column in COLUMNS if any(row[column] for row in counts.values())]
    lines = [f"| PyTorch | {' | '.join(columns)} |", f"| --- {'| ---: ' * len(columns)}|"]
    lines += [
        f"| {version}{' (here)' * (version == here)} | "
        f"{' | '.join(str(row[column]) for column in columns)} |"
        for version, row in counts.items()
    ]
    return "\n".join(lines)


def glance(told, uri):
    """For each version, in which way the pages differ, the gravest first."""
    lines = []
    for version in sorted({one.version for one in told}, key=order):
        lines.append(f"- **PyTorch {version}**")
        lines += [
            f"    - {words}: {pages(found, uri)}"
            for kind, words in KINDS.items()
            if (found := [one for one in told if (one.version, one.kind) == (version, kind)])
        ]
    return "\n".join(lines)


def note(told, uri):
    """A box on a page: what is true there in some versions only."""
    lines = [f"- {sentence}" for sentence in sentences(told, uri)]
    more = posixpath.relpath("reference/versions.md", posixpath.dirname(uri))
    lines += ["", f"Measured: [all differences]({more})."]
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    return f'!!! note "In other versions of PyTorch"\n\n{body}\n'


def truths(told, uri):
    """Below the title of each page, what is true there in some versions only."""
    blocks = []
    for title, home in sorted({(one.title, one.uri) for one in told}):
        here = [one for one in told if one.uri == home]
        path = posixpath.relpath(home, posixpath.dirname(uri))
        blocks.append(f"### [{title}]({path})\n")
        blocks += [f"- {sentence}" for sentence in sentences(here, uri)]
        blocks.append("")
    return "\n".join(blocks)


def homes(told):
    """Keep of each snippet one page: the one whose folder it lies in, or the first."""
    first = {}
    for one in told:
        folder = posixpath.dirname(one.name).replace("_", "-")
        if one.name not in first or folder == one.uri.removesuffix(".md"):
            first[one.name] = one.uri
    return [one for one in told if one.uri == first[one.name]]


def sentences(told, uri):
    """Yield one sentence for each snippet and way to differ, with its versions."""
    groups = {}
    for one in told:
        gist = one.got if one.kind in EXACT else VARIES.sub("", one.got)
        groups.setdefault((one.name, one.kind, gist), []).append(one)
    for found in groups.values():
        one = found[-1]
        code = one.link(uri, f"`{posixpath.basename(one.name)}`")
        versions = listed(f.version for f in found)
        yield f"**PyTorch {versions}:** {code} {claim(one)}"


def claim(one):
    """Say how a snippet differs."""
    stated, got = (quoted(text) for text in different(one.stated, one.got))
    return {
        "wrong": f"is silently wrong: {got}, where {stated} is right.",
        "right": f"is right: {got}. Here, silently: {stated}.",
        "raises": f"raises {got}. Here it does not.",
        "silent": "raises nothing" + (f", and prints {got}." if got else ".") + f" Here: {stated}.",
        "warns": f"warns: {got}. Here it does not.",
        "quiet": f"does not warn. Here: {stated}.",
        "value": f"gives {got or 'nothing'}. Here: {stated or 'nothing'}.",
    }[one.kind]


def different(one, other):
    """Of two texts of several lines, keep the lines that the other does not have."""
    lines, others = one.splitlines(), other.splitlines()
    if len(lines) < 2 or len(others) < 2:
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
        if len(line) > left:
            lines.append((line[:left].rpartition(" ")[0] + " …").strip())
            break
        lines.append(line)
        left -= len(line)
    return ", ".join(f"`{line}`" for line in lines if line)


def wordings(told, uri):
    """Each message or warning in its wordings, collapsed; below, the pages that show it."""
    groups = {}
    for one in told:
        text = topic(one.stated or one.got)
        # Where a snippet states a part of a message, it is the one that others state in full.
        known = (key for key in groups if key.startswith(text) or text.startswith(key))
        groups.setdefault(next(known, text), []).append(one)
    blocks = []
    for found in groups.values():
        stated = max((one.stated for one in found), key=len)
        blocks.append(f'??? note "{heading(stated or found[0].got)}"\n')
        if stated:
            blocks.append(f"    Here:\n\n{fence('    ', 'text', stated)}")
        by_words = {}
        for one in found:
            by_words.setdefault(VARIES.sub("", one.got), []).append(one)
        for same in by_words.values():
            versions = listed(one.version for one in same)
            if same[0].got:
                words = fence("    ", "text", same[0].got)
                blocks.append(f"    PyTorch {versions}:\n\n{words}")
            else:
                blocks.append(f"    PyTorch {versions}: no such warning.\n")
        blocks.append(f"    Shown on {pages(found, uri)}.\n")
    return "\n".join(blocks)


def topic(message):
    """What is said, without its type, and without what its snippet leaves open."""
    text = message.partition(": ")[2] or message
    return VARIES.sub("", text.partition("...")[0]).strip()


def missing(told, uri):
    """A table of what is missing, in which versions, and the pages that need it."""
    groups = {}
    for one in told:
        groups.setdefault(lacking(one.got), []).append(one)
    lines = ["| Not there | In PyTorch | Needed on |", "| --- | --- | --- |"]
    for name in sorted(groups, key=lambda name: name.lower()):
        found = groups[name]
        lines.append(f"| {name} | {listed(one.version for one in found)} | {pages(found, uri)} |")
    return "\n".join(lines)


def lacking(message):
    """Name what a message misses."""
    for pattern, name in MISSING:
        if found := re.search(pattern, message):
            return found.expand(name)
    return quoted(message)


def pages(found, uri):
    """Links to the pages of these differences."""
    uris = dict.fromkeys((one.uri, one.title) for one in found)
    links = (f"[{t}]({posixpath.relpath(u, posixpath.dirname(uri))})" for u, t in uris)
    return ", ".join(links)


def heading(text):
    """The first words of a text, for the title of a box."""
    text = squeeze(text).replace('"', "'").replace("`", "'")
    return text if len(text) <= HEADING else text[:HEADING].rpartition(" ")[0] + " …"


def listed(versions):
    """Write versions in words, oldest first."""
    names = sorted(set(versions), key=lambda v: order(v.partition("+")[0]))
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
