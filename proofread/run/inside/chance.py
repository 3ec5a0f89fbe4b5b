"""Notice draws of random numbers before a seed is set, and tell Python another time.

A reader cannot repeat what depends on either. Whether a snippet does, a second run shows.
"""

import ast
import random
import time
from typing import Any

#: How far ahead the clock of a second run is, in seconds: more than a year, and some hours.
AHEAD = 400 * 86400 + 5 * 3600
#: What sets a seed. That it did, the state of the generator says.
SETTERS = ("torch.manual_seed", "np.random.seed", "numpy.random.seed", "random.seed")


class Chance:
    """Watches the generators that a snippet starts with, each until the snippet seeds it."""

    def __init__(self) -> None:
        self.states = {name: _state(name) for name in ("torch", "numpy", "random")}
        #: The line of the first statement that drew from one of them, or None.
        self.line: int | None = None

    def after(self, node: ast.stmt) -> None:
        """Look at the generators when a statement has run."""
        number = _number(node)
        for name, before in list(self.states.items()):
            now = _state(name)
            if number is not None and now == _state(name, number):
                del self.states[name]
            elif now != before:
                self.line = self.line or node.lineno
                del self.states[name]


def _number(node):
    """Return the seed that a statement sets, if it is a number and nothing else is done."""
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and ast.unparse(call.func) in SETTERS and len(call.args) == 1:
        number = getattr(call.args[0], "value", None)
        return number if type(number) is int and not call.keywords else None
    return None


def _state(name, number=None):
    """Return the state of a generator, or the one that it has just after a seed was set."""
    # Not at the top: the parent imports this module, too.
    import numpy
    import torch

    if name == "random":
        return (random if number is None else random.Random(number)).getstate()
    if name == "numpy":
        drawn: Any = numpy.random if number is None else numpy.random.RandomState(number)
        kind, key, *rest = drawn.get_state()
        return kind, key.tobytes(), rest
    generator = torch.default_generator
    if number is not None:
        generator = torch.Generator().manual_seed(number)
    with torch._C.DisableTorchFunction():  # The snippet may watch what tensors do.
        return generator.get_state().numpy().tobytes()


def another_time() -> None:
    """Let Python and NumPy tell another day, and another hour."""
    import datetime

    import numpy

    now, now_ns, write, written = time.time, time.time_ns, time.strftime, time.asctime
    get, utc, moment = getattr(time, "clock_gettime", None), datetime.timezone.utc, numpy.datetime64  # noqa: UP017

    def at(function: Any) -> Any:
        return lambda when=None: function(time.time() if when is None else when)

    class Day(datetime.date):
        today = classmethod(lambda cls: cls.fromtimestamp(time.time()))

    class Moment(datetime.datetime):
        today = classmethod(lambda cls: cls.fromtimestamp(time.time()))
        now = classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
        utcnow = classmethod(lambda cls: cls.now(utc).replace(tzinfo=None))

    class Number(moment):
        def __new__(cls, *given):
            if given and given[0] in ("now", "today"):
                given = (Moment.utcnow() if given[0] == "now" else Day.today(), *given[1:])
            return moment(*given)

    for made, name in ((Day, "date"), (Moment, "datetime")):
        made.__module__, made.__name__, made.__qualname__ = "datetime", name, name
    vars(datetime).update(date=Day, datetime=Moment)
    vars(numpy).update(datetime64=Number)
    vars(time).update(
        time=lambda: now() + AHEAD,
        time_ns=lambda: now_ns() + AHEAD * 10**9,
        localtime=at(time.localtime),
        gmtime=at(time.gmtime),
        ctime=at(time.ctime),
        strftime=lambda form, when=None: write(form, when or time.localtime()),
        asctime=lambda when=None: written(when or time.localtime()),
    )
    if get:  # Not on Windows.
        real = time.CLOCK_REALTIME
        vars(time).update(clock_gettime=lambda clock: get(clock) + AHEAD * (clock == real))
