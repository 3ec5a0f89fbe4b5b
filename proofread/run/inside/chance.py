"""Notice draws of random numbers before a seed is set, and tell Python another time.

A reader cannot repeat what depends on either. Whether a snippet does, a second run shows.
"""

import ast
import ctypes
import functools
import os
import random
import sys
import time
from typing import Any

#: How far ahead the clock of a second run is, in seconds: more than a year, and some hours.
AHEAD = 400 * 86400 + 5 * 3600
#: How much faster it runs, so that what is fast enough here is not.
FASTER = 1000
CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
#: What is in the way of a second run's objects.
KEPT: list[Any] = []


class Chance:
    """Watches the generators that a snippet starts with, each until the snippet seeds it."""

    def __init__(self) -> None:
        # Not at the top: the parent imports this module, too.
        import numpy
        import torch

        #: The line of the first statement that drew before it set a seed, or None.
        self.line: int | None = None
        self.drew = False
        self.states = {name: _state(name) for name in ("torch", "numpy", "random")}
        for name, *modules in (
            ("torch", torch, torch.random),
            ("numpy", numpy.random),
            ("random", random),
        ):
            setter = "manual_seed" if name == "torch" else "seed"
            seeds = self._seeds(name, getattr(modules[0], setter))
            for module in modules:
                setattr(module, setter, seeds)
        # What NumPy, secrets and uuid ask for a seed that is not given.
        for module, ask in ((os, "urandom"), (random, "_urandom")):
            setattr(module, ask, self._asks(getattr(module, ask)))

    def after(self, node: ast.stmt) -> None:
        """Look at the generators when a statement has run."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            # What a library does for itself while it is imported; the snippet drew nothing.
            self.drew = False
            self.states = {name: _state(name) for name in self.states}
            return
        for name in list(self.states):
            self._look(name)
        if self.drew and self.line is None:
            self.line = node.lineno

    def _look(self, name):
        if _state(name) != self.states[name]:
            self.drew = True
            del self.states[name]

    def _seeds(self, name, setter):
        @functools.wraps(setter)
        def seeds(*given, **named):
            if name in self.states:
                self._look(name)
                # Without a number it is the system's chance, or the clock.
                if named or any(one is not None for one in given):
                    self.states.pop(name, None)
            return setter(*given, **named)

        return seeds

    def _asks(self, source):
        @functools.wraps(source)
        def asks(*given):
            self.drew = True
            return source(*given)

        return asks


def _state(name):
    """Return the state of a generator."""
    import numpy
    import torch

    if name == "random":
        return random.getstate()
    if name == "numpy":
        state: Any = numpy.random.get_state()
        return state[0], state[1].tobytes(), state[2:]
    with torch._C.DisableTorchFunction():  # The snippet may watch what tensors do.
        return torch.default_generator.get_state().numpy().tobytes()


def another_place() -> None:
    """Let objects of each size lie at other addresses, as seen from the start of a page, too."""
    KEPT.extend([*map(bytes, range(0, 512, 8)), *map(ctypes.create_string_buffer, range(1, 99))])


def another_time() -> None:
    """Let Python and NumPy tell another day, and another hour."""
    import datetime
    import uuid

    import numpy

    uuid._generate_time_safe = uuid._UuidCreate = None  # ty: ignore - C asks its own clock.
    write, written = time.strftime, time.asctime
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
    for name in CLOCKS:
        for function, ahead in ((name, AHEAD), (f"{name}_ns", AHEAD * 10**9)):
            tell = getattr(time, function)
            setattr(time, function, functools.partial(_ahead, tell, tell(), ahead))
    sys.modules.pop("timeit", None)  # It has the old one among its defaults.
    vars(time).update(
        localtime=at(time.localtime),
        gmtime=at(time.gmtime),
        ctime=at(time.ctime),
        strftime=lambda form, when=None: write(form, when or time.localtime()),
        asctime=lambda when=None: written(when or time.localtime()),
    )
    if get:  # Not on Windows.
        real = time.CLOCK_REALTIME
        vars(time).update(clock_gettime=lambda clock: get(clock) + AHEAD * (clock == real))
    _newer_files()


def _ahead(tell, start, ahead):
    return start + ahead + FASTER * (tell() - start)


def _newer_files():
    """Let files be as much newer as the clock is."""

    def newer(tell: Any) -> Any:
        @functools.wraps(tell)
        def told(*given: Any, **named: Any) -> os.stat_result:
            found = tell(*given, **named)
            kept = {name: getattr(found, name) for name in dir(found) if name[:3] == "st_"}
            for name in ("st_atime", "st_mtime", "st_ctime"):
                kept[name] += AHEAD
                kept[f"{name}_ns"] += AHEAD * 10**9
            whole = [kept[name] for name in ("st_atime", "st_mtime", "st_ctime")]
            return os.stat_result([*found[:7], *map(int, whole)], kept)

        return told

    for name in ("stat", "lstat", "fstat"):
        for module in {os, sys.modules[os.name]}:
            setattr(module, name, newer(getattr(module, name)))
