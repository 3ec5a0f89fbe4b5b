"""The times on the page about costs: tables, figures, and single ratios to the forward pass."""

import hashlib
import io
from functools import partial
from pathlib import Path

from measured import kit
from proofread.run.surroundings import STYLE

FILE = Path(__file__).with_name("data.json")
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


class Data:
    """The measurement: ``environment``, ``rounds`` and ``records``."""

    def __init__(self):
        self.__dict__ |= kit.load(FILE)

    def one(self, sweep: str, size: int | None, operation: str) -> dict:
        """Return the record of an operation; of any size, if None. Raises LookupError."""
        for record in self.of(sweep):
            fits = size is None or record[VARIES.get(sweep, sweep)] == size
            if fits and record["operation"] == operation:
                return record
        raise LookupError(f"no time of '{operation}' for {sweep}={size}")

    def of(self, sweep: str) -> list[dict]:
        """Return the records of a sweep."""
        return [record for record in self.records if record["sweep"] == sweep]

    def series(self, sweep: str, operation: str) -> tuple[list, list]:
        """Return the sizes of a sweep, and the time of an operation at each."""
        found = [record for record in self.of(sweep) if record["operation"] == operation]
        return [r[VARIES.get(sweep, sweep)] for r in found], [r["time"] for r in found]


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
    where = data.environment
    return (
        f"Measured on {where['date']} with PyTorch {where['torch']}, Python {where['Python']}, on "
        f"{where['platform']}, {where['processor']}, one thread: the median of {data.rounds} "
        "rounds, and the two quartiles"
    )


def operations(_) -> str:
    """The operations for one network, and its Hessian, which is in a sweep of its own."""
    data = Data()
    records = data.of("reference")
    width = records[0]["width"]
    records += [data.one("Hessian", width, operation) for operation in HESSIANS]
    rows = []
    for record in records:
        low, time, high = (number(record[key]) for key in ("low", "time", "high"))
        rows.append((record["operation"], f"{record['products']:g}", time, f"{low} to {high}"))
    return kit.table(("Operation", "Matrix products", "Time", "Quartiles"), rows)


def figure(name: str, _) -> kit.Drawing:
    """A figure; it is drawn anew only if something that makes it changed."""
    draw, words = FIGURES[name]
    made_of = [path.read_text(encoding="utf-8") for path in (FILE, STYLE, Path(__file__))]
    key = hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]
    path = kit.PARTIAL / f"cost-{name}-{key}.svg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg_of(draw, Data()), encoding="utf-8")
    return kit.Drawing(path.read_text(encoding="utf-8"), words(Data()))


def svg_of(draw, data: Data) -> str:
    """Draw in the style of the site's figures."""
    # Not at the top: a build with a warm cache does without.
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(fname=STYLE):
        drawn, text = Figure(), io.StringIO()
        draw(drawn, data)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        drawn.savefig(text, format="svg", metadata=nothing)
    return text.getvalue()


def draw_growth(drawn, data):
    drawn.set_size_inches(6.4, 3.8)
    panels = drawn.subplots(1, 3, sharey=True)
    for panel, sweep in zip(panels, ("width", "depth", "batch"), strict=True):
        lines(panel, data, sweep, GROWTH)
        log_axes(panel, data.series(sweep, "gradient")[0][::2], [1, 2, 5, 10, 20, 50])
        panel.set(xlabel=sweep)
    panels[0].set(ylabel="time / forward pass")
    drawn.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)


def draw_hessians(drawn, data):
    axes = drawn.subplots()
    lines(axes, data, "Hessian", HESSIANS)
    sizes = data.series("Hessian", HESSIANS[0])[0]
    products = [r["products"] for r in data.of("Hessian") if r["operation"] == HESSIANS[0]]
    axes.plot(sizes, products, "--", label="matrix products")
    log_axes(axes, sizes, [20, 50, 100, 200, 500])
    axes.set(xlabel="width = rows of the Hessian", ylabel="time / forward pass")
    axes.legend()


def draw_penalties(drawn, data):
    axes = drawn.subplots()
    lines(axes, data, "penalty", PENALTIES)
    log_axes(axes, data.series("penalty", "exact")[0], [2, 5, 10, 20, 50, 100, 200, 500, 1000])
    axes.set(xlabel="width", ylabel="time / encoder alone")
    axes.legend()


def draw_steps(drawn, data):
    axes = drawn.subplots()
    lines(axes, data, "steps", STEPS)
    axes.set(xlabel="inner steps", ylabel="time / forward pass", xlim=0, ylim=0)
    axes.legend()


def lines(axes, data, sweep, operations):
    for operation in operations:
        axes.plot(*data.series(sweep, operation), marker="o", markersize=4, label=operation)


def log_axes(axes, across, up):
    axes.set(xscale="log", yscale="log")
    axes.set_xticks(across, across)
    axes.set_yticks(up, up)
    axes.minorticks_off()


def in_words(said: str, sweep: str, operations, data: Data) -> str:
    """Say what a figure shows: each time at the smallest and at the largest size."""
    parts = (f"{operation} from {ends(data, sweep, operation)}" for operation in operations)
    return said + "; ".join(parts)


def growth_in_words(data: Data) -> str:
    """Say what the figure with three sweeps shows."""
    sweeps = ("width", "depth", "batch")
    parts = (
        f"{operation} from "
        + ", ".join(f"{ends(data, sweep, operation)} with the {sweep}" for sweep in sweeps)
        for operation in GROWTH
    )
    return "Time over the forward pass settles as the matrices grow: " + "; ".join(parts)


def ends(data, sweep, operation):
    times = data.series(sweep, operation)[1]
    return f"{number(times[0])} to {number(times[-1])}"


HESSIANS_SAY = "The time of a Hessian grows with its number of rows: "
PENALTIES_SAY = "Only the exact penalty by double backward grows with the width: "
STEPS_SAY = "Time grows in proportion to the number of inner steps: "
#: Name -> what draws it, and what says in words what it shows.
FIGURES = {
    "growth": (draw_growth, growth_in_words),
    "hessians": (draw_hessians, partial(in_words, HESSIANS_SAY, "Hessian", HESSIANS)),
    "penalties": (draw_penalties, partial(in_words, PENALTIES_SAY, "penalty", PENALTIES)),
    "steps": (draw_steps, partial(in_words, STEPS_SAY, "steps", STEPS)),
}
PIECES = {"operations": operations, "ratio": ratio, "stamp": stamp}
PIECES |= {name: partial(figure, name) for name in FIGURES}
