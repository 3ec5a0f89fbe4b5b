"""A MkDocs hook: ``benchmarks/cost.json`` -> the times on the page about costs.

``<!-- cost: NAME -->`` on that page stands for a table, a figure or the stamp, and
``<!-- cost: ratio SWEEP=SIZE OPERATION -->`` for one time, in units of the forward pass.
"""

import hashlib
import io
import json
import re
from html import escape
from pathlib import Path

from mkdocs.exceptions import PluginError

from proofread.run.runner import STYLE
from proofread.show.figure import inline

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "measured/cost/data.json"
DRAWN = ROOT / ".cache/cost"
PLACE = re.compile(r"<!-- cost: (.+?) -->")
DRAWING = re.compile(r'(?:<p>)?<span class="figure" id="cost-(\w+)"[^>]*></span>(?:</p>)?')
RATIO = re.compile(r"ratio (?P<sweep>\w+)(?:=(?P<size>\d+))? (?P<operation>.+)")
#: What varies in a sweep that is not called by it.
VARIES = {"Hessian": "width", "penalty": "width"}
GROWTH = (
    "gradient",
    "gradient penalty",
    "Hessian-vector, double backward",
    "Hessian-vector, forward over reverse",
    "Hessian-vector, dual numbers",
)
HESSIANS = ("Hessian by rows", "Hessian at once")
PENALTIES = ("closed form", "random projection", "exact")
STEPS = ("MAML", "MAML, checkpointed", "first order")


def on_page_markdown(markdown, page, **_):
    """Write what stands for a result of the benchmark: numbers and tables as Markdown."""
    if not PLACE.search(markdown):
        return markdown
    data = Data(DATA.read_text(encoding="utf-8"))
    return PLACE.sub(lambda place: made(place[1], data, page), markdown)


def on_page_content(content, page, **_):
    """Draw the figures in their places."""
    if not DRAWING.search(content):
        return content
    data = Data(DATA.read_text(encoding="utf-8"))
    return DRAWING.sub(lambda place: drawing(place[1], data), content)


def made(what, data, page):
    """Return the Markdown of one place. Raises PluginError if there is no such result."""
    try:
        if found := RATIO.fullmatch(what):
            return number(data.one(**found.groupdict())["time"])
        if what in FIGURES:
            words = escape(FIGURES[what][1](data))
            return f'<span class="figure" id="cost-{what}" title="{words}"></span>'
        return PIECES[what](data)
    except KeyError as error:
        raise PluginError(f"docs/{page.file.src_uri}: no result for {what!r}: {error}") from None


class Data:
    """The measurement."""

    def __init__(self, text):
        self.text = text
        self.__dict__ |= json.loads(text)

    def one(self, sweep, size, operation):
        """Return the record of an operation. Raises KeyError."""
        for record in self.of(sweep):
            fits = size is None or record[VARIES.get(sweep, sweep)] == int(size)
            if fits and record["operation"] == operation:
                return record
        raise KeyError(operation)

    def of(self, sweep):
        return [record for record in self.records if record["sweep"] == sweep]

    def series(self, sweep, operation):
        """Return the sizes of a sweep, and the time of an operation at each."""
        found = [record for record in self.of(sweep) if record["operation"] == operation]
        return [r[VARIES.get(sweep, sweep)] for r in found], [r["time"] for r in found]


def number(ratio):
    """Two digits are what a time is worth."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def stamp(data):
    where = data.environment
    return (
        f"Measured on {where['date']} with PyTorch {where['torch']}, Python {where['Python']}, on "
        f"{where['platform']}, {where['processor']}, one thread: the median of {data.rounds} "
        "rounds, and the two quartiles"
    )


def table(data):
    """The operations for one network, and its Hessian, which is in a sweep of its own."""
    records = data.of("reference")
    width = records[0]["width"]
    hessians = [data.one("Hessian", width, operation) for operation in HESSIANS]
    head = "| Operation | Matrix products | Time | Quartiles |\n| --- | --- | --- | --- |"
    return "\n".join([head, *map(row, [*records, *hessians])])


def row(record):
    low, high = number(record["low"]), number(record["high"])
    words = (record["operation"], f"{record['products']:g}", number(record["time"]))
    return f"| {' | '.join(words)} | {low} to {high} |"


def drawing(name, data):
    """Return a figure's HTML; it is drawn anew only if something that makes it changed."""
    draw, words = FIGURES[name]
    made_of = (data.text, STYLE.read_text("utf-8"), Path(__file__).read_text("utf-8"))
    key = hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]
    path = DRAWN / f"{name}-{key}.svg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg_of(draw, data), encoding="utf-8")
    svg = inline(path.read_text(encoding="utf-8"), f"cost-{name}", words(data))
    return f'<figure class="drawing" tabindex="0" id="cost-{name}">{svg}</figure>'


def svg_of(draw, data):
    # Not at the top: a build with a warm cache does without.
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(fname=STYLE):
        drawn, text = Figure(), io.StringIO()
        draw(drawn, data)
        drawn.savefig(
            text, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
        )
    return text.getvalue()


def draw_growth(drawn, data):
    drawn.set_size_inches(6.4, 3.8)
    panels = drawn.subplots(1, 3, sharey=True)
    for panel, sweep in zip(panels, ("width", "depth", "batch"), strict=True):
        for operation in GROWTH:
            panel.plot(*data.series(sweep, operation), marker="o", markersize=4, label=operation)
        log_axes(panel, data.series(sweep, "gradient")[0][::2], [1, 2, 5, 10, 20, 50])
        panel.set(xlabel=sweep)
    panels[0].set(ylabel="time / forward pass")
    drawn.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)


def draw_hessians(drawn, data):
    axes = drawn.subplots()
    for operation in HESSIANS:
        axes.plot(*data.series("Hessian", operation), marker="o", markersize=4, label=operation)
    sizes = data.series("Hessian", HESSIANS[0])[0]
    products = [r["products"] for r in data.of("Hessian") if r["operation"] == HESSIANS[0]]
    axes.plot(sizes, products, "--", label="matrix products")
    log_axes(axes, sizes, [20, 50, 100, 200, 500])
    axes.set(xlabel="width = rows of the Hessian", ylabel="time / forward pass")
    axes.legend()


def draw_penalties(drawn, data):
    axes = drawn.subplots()
    for operation in PENALTIES:
        axes.plot(*data.series("penalty", operation), marker="o", markersize=4, label=operation)
    log_axes(axes, data.series("penalty", "exact")[0], [2, 5, 10, 20, 50, 100, 200, 500, 1000])
    axes.set(xlabel="width", ylabel="time / encoder alone")
    axes.legend()


def draw_steps(drawn, data):
    axes = drawn.subplots()
    for operation in STEPS:
        steps, times = data.series("steps", operation)
        axes.plot(steps, times, marker="o", markersize=4, label=operation)
    axes.set(xlabel="inner steps", ylabel="time / forward pass", xlim=0, ylim=0)
    axes.legend()


def log_axes(axes, across, up):
    axes.set(xscale="log", yscale="log")
    axes.set_xticks(across, across)
    axes.set_yticks(up, up)
    axes.minorticks_off()


def at_ends(data, sweep, operation):
    """Return an operation's time at the smallest and at the largest size, in words."""
    _, times = data.series(sweep, operation)
    return f"{number(times[0])} to {number(times[-1])}"


def growth_in_words(data):
    parts = (
        f"{operation} from {at_ends(data, 'width', operation)} with the width, "
        f"{at_ends(data, 'depth', operation)} with the depth, "
        f"{at_ends(data, 'batch', operation)} with the batch"
        for operation in GROWTH
    )
    return "Time over the forward pass settles as the matrices grow: " + "; ".join(parts)


def hessians_in_words(data):
    parts = (f"{name} from {at_ends(data, 'Hessian', name)}" for name in HESSIANS)
    return "The time of a Hessian grows with its number of rows: " + "; ".join(parts)


def penalties_in_words(data):
    parts = (f"{name} from {at_ends(data, 'penalty', name)}" for name in PENALTIES)
    return "Only the exact penalty by double backward grows with the width: " + "; ".join(parts)


def steps_in_words(data):
    parts = (f"{name} from {at_ends(data, 'steps', name)}" for name in STEPS)
    return "Time grows in proportion to the number of inner steps: " + "; ".join(parts)


PIECES = {"operations": table, "stamp": stamp}
FIGURES = {
    "growth": (draw_growth, growth_in_words),
    "hessians": (draw_hessians, hessians_in_words),
    "penalties": (draw_penalties, penalties_in_words),
    "steps": (draw_steps, steps_in_words),
}
