"""The times on the page about costs: tables, figures, and single ratios to the forward pass."""

import hashlib
import io
import statistics
import tomllib
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measured import kit
from proofread.run.surroundings import STYLE

FILE = Path(__file__).with_name("data.json")
#: What varies in a sweep that is not called by it, and what its axis is called.
VARIES = {"Hessian": "width", "penalty": "width"}
AXES = {"Hessian": "width = rows of the Hessian", "penalty": "width", "steps": "inner steps"}


class Figure(NamedTuple):
    """Times of operations over sizes, as ``figures.toml`` describes them."""

    sweeps: tuple[str, ...]
    operations: tuple[str, ...]
    says: str
    marks: tuple[int, ...] = ()
    unit: str = "forward pass"
    products: bool = False


DRAWN = Path(__file__).with_name("figures.toml")
FIGURES = {
    name: Figure(**figure)
    for name, figure in tomllib.loads(DRAWN.read_text(encoding="utf-8")).items()
}


class Data:
    """The measurement: ``environment``, ``rounds`` and ``records``."""

    def __init__(self):
        self.__dict__ |= kit.load(FILE)

    def one(self, sweep: str, size: int | None, operation: str) -> dict:
        """Return the record of an operation; of any size, if None. Raises LookupError."""
        for record in self.of(sweep, operation):
            if size is None or record[VARIES.get(sweep, sweep)] == size:
                return record
        raise LookupError(f"no time of '{operation}' for {sweep}={size}")

    def of(self, sweep: str, *operation: str) -> list[dict]:
        """Return the records of a sweep, of all operations or of one."""
        known = (record for record in self.records if record["sweep"] == sweep)
        return [record for record in known if not operation or record["operation"] in operation]

    def series(self, sweep: str, operation: str, what: str = "time") -> tuple[list, list]:
        """Return the sizes of a sweep, and the time of an operation at each, or its products."""
        size, found = VARIES.get(sweep, sweep), self.of(sweep, operation)
        return [record[size] for record in found], [record[what] for record in found]


def number(ratio: float) -> str:
    """Two digits are what a time is worth."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def ratio(_, where: str, *operation: str) -> str:
    """One time: ``width=512 gradient penalty``, or ``reference gradient``."""
    sweep, _, text = where.partition("=")
    size = int(text) if text.isdigit() else text or None
    return number(Data().one(sweep, size, " ".join(operation))["time"])


def stamp(_) -> str:
    """Where and how it was measured."""
    data = Data()
    where = "on {date} with PyTorch {torch}, Python {Python}, on {platform}, {processor}"
    return (
        f"Measured {where.format_map(data.environment)}, one thread: the median of {data.rounds} "
        "rounds, and the two quartiles"
    )


def noise(_) -> str:
    """How far the quartiles of a time are apart: the mean over all operations timed."""
    spreads = [(one["high"] - one["low"]) / one["time"] for one in Data().records]
    return f"{statistics.mean(spread for spread in spreads if spread):.0%}"


def operations(_) -> str:
    """The operations for one network, and its Hessian, which is in a sweep of its own."""
    data, rows = Data(), []
    records = data.of("reference")
    for operation in FIGURES["hessians"].operations:
        records.append(data.one("Hessian", records[0]["width"], operation))
    for record in records:
        low, time, high = (number(record[key]) for key in ("low", "time", "high"))
        rows.append((record["operation"], f"{record['products']:g}", time, f"{low} to {high}"))
    return kit.table(("Operation", "Matrix products", "Time", "Quartiles"), rows)


def drawing(name: str, _) -> kit.Drawing:
    """A figure; it is drawn anew only if something that makes it changed."""
    figure, data = FIGURES[name], Data()
    made_of = [path.read_text(encoding="utf-8") for path in (FILE, DRAWN, STYLE, Path(__file__))]
    key = hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]
    path = kit.PARTIAL / f"cost-{name}-{key}.svg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drawn(figure, data), encoding="utf-8")
    words = "; ".join(in_words(figure, operation, data) for operation in figure.operations)
    return kit.Drawing(path.read_text(encoding="utf-8"), figure.says + words)


def drawn(figure: Figure, data: Data) -> str:
    """Draw in the style of the site's figures."""
    # Not at the top: a build with a warm cache does without.
    from matplotlib import figure as canvas
    from matplotlib import rc_context

    with rc_context(fname=STYLE):
        whole, text = canvas.Figure(), io.StringIO()
        first, *others = whole.subplots(1, len(figure.sweeps), sharey=True, squeeze=False)[0]
        for panel, sweep in zip((first, *others), figure.sweeps, strict=True):
            draw_panel(panel, figure, sweep, data)
        first.set(ylabel=f"time / {figure.unit}")
        if others:
            whole.set_size_inches(6.4, 3.8)
            whole.legend(*first.get_legend_handles_labels(), loc="outside upper left", ncols=2)
        else:
            first.legend()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        whole.savefig(text, format="svg", metadata=nothing)
    return text.getvalue()


def draw_panel(panel, figure, sweep, data):
    for operation in figure.operations:
        panel.plot(*data.series(sweep, operation), marker="o", markersize=4, label=operation)
    sizes, products = data.series(sweep, figure.operations[0], "products")
    if figure.products:
        panel.plot(sizes, products, "--", label="matrix products")
    if figure.marks:
        panel.set(xscale="log", yscale="log")
        across = sizes if len(figure.sweeps) == 1 else sizes[::2]
        panel.set_xticks(across, across)
        panel.set_yticks(figure.marks, figure.marks)
        panel.minorticks_off()
    else:
        panel.set(xlim=0, ylim=0)
    panel.set(xlabel=AXES.get(sweep, sweep))


def in_words(figure: Figure, operation: str, data: Data) -> str:
    """Say what a figure shows: each time at the smallest and at the largest size."""
    times = {sweep: data.series(sweep, operation)[1] for sweep in figure.sweeps}
    ends = {sweep: f"{number(found[0])} to {number(found[-1])}" for sweep, found in times.items()}
    along = [f"{end} with the {sweep}" if len(ends) > 1 else end for sweep, end in ends.items()]
    return f"{operation} from {', '.join(along)}"


PIECES = {"operations": operations, "noise": noise, "ratio": ratio, "stamp": stamp}
PIECES |= {name: partial(drawing, name) for name in FIGURES}
