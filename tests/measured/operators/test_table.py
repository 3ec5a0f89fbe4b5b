"""The committed table of operators is what PyTorch does today, and each failure is explained."""

import datetime
import inspect
import json
import random
import re
from pathlib import Path

import pytest
from torch import nn

pytest.importorskip("torch.testing._internal.common_methods_invocations")

from measured.operators.data import changes, key, load
from measured.operators.worker import examine

from measured.operators.entries import entries

ROOT = Path(__file__).resolve().parents[3]
NOTES = json.loads((ROOT / "operators/notes.json").read_text(encoding="utf-8"))
#: A good second derivative needs no note.
GOOD = ("works twice", "second derivative zero", "not differentiable", "not measured")
#: Slow ones are measured by `make operators` alone; seconds.
SLOW = 3.0
#: Modules of torch.nn that are not in the table, and why.
EXEMPT = {
    **dict.fromkeys(
        ("Container", "Module", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList"),
        "holds others, and computes nothing",
    ),
    "Sequential": "computes what its modules compute",
    "RNNBase": "what RNN, LSTM and GRU share",
    "RNNCellBase": "what the cells share",
    "NLLLoss2d": "the old name of NLLLoss",
    "DataParallel": "without a GPU, its module",
    "SyncBatchNorm": "needs a group of processes with GPUs",
}
#: A lazy module becomes an ordinary one, which is in the table, at its first call.
LAZY = re.compile(r"Lazy(?=[A-Z])")


@pytest.fixture(scope="module")
def table():
    """The committed measurement."""
    return load()


@pytest.fixture(scope="module")
def known():
    """Everything that can be measured, by kind and key."""
    return {(entry.kind, entry.key): entry for entry in entries()}


def measured_again(table, known, chosen):
    """Measure the chosen records anew; return what differs."""
    before = {"operators": [record for record in table["operators"] if key(record) in chosen]}
    after = {"operators": [examine(known[name]) for name in sorted(chosen)]}
    return list(changes(before, after))


def test_the_table_has_every_operator(table, known):
    """No operator of the database is missing, and none is in the table alone."""
    assert {key(record) for record in table["operators"]} == known.keys()
    assert len(known) > 800


def test_the_table_has_every_module(table):
    """Each public module of torch.nn was measured, or is exempt; normalizations in both modes."""
    modules = {
        name
        for name, value in vars(nn).items()
        if inspect.isclass(value) and issubclass(value, nn.Module)
    }
    rows = {
        record["key"].removeprefix("nn.")
        for record in table["operators"]
        if record["kind"] == "called" and record["key"].startswith("nn.")
    }
    measured = {re.split("[ ,]", row)[0] for row in rows}
    assert len(modules) > 150
    assert {LAZY.sub("", name) for name in modules} - measured - EXEMPT.keys() == set()
    assert EXEMPT.keys() <= modules - measured
    for name in (name for name in measured if "Norm" in name or "Transformer" in name):
        assert {f"{name}, train", f"{name}, eval"} <= rows


def test_every_failure_is_still_there(table, known):
    """Each operator that fails today is measured again: a mended one must leave the table."""
    failing = {
        key(record)
        for record in table["operators"]
        if record["status"] not in GOOD and record["seconds"] < SLOW
    }
    assert len(failing) > 30
    assert measured_again(table, known, failing) == []


def test_a_sample_that_changes_each_day(table, known):
    """Forty others, chosen by the date, are measured again."""
    fast = sorted(
        key(record)
        for record in table["operators"]
        if record["status"] in GOOD and 0 < record.get("seconds", 0) < SLOW / 3
    )
    today = datetime.datetime.now(datetime.UTC).date().toordinal()
    chosen = set(random.Random(today).sample(fast, 40))
    assert measured_again(table, known, chosen) == []


def test_a_wrong_status_is_named(table, known):
    """A table that is wrong on purpose is found, by the operator's name."""
    record = next(r for r in table["operators"] if r["key"] == "nn.functional.hardsigmoid")
    lie = {**record, "status": "works twice"}
    found = list(changes({"operators": [lie]}, {"operators": [examine(known[key(record)])]}))
    expected = "nn.functional.hardsigmoid: status was works twice, is first derivative only"
    assert found == [expected]


def test_each_failure_is_explained(table):
    """A failing operator has a note: what to use instead, or why it is no real limit."""
    failing = {record["key"] for record in table["operators"] if record["status"] not in GOOD}
    assert failing - NOTES.keys() == set()
    assert NOTES.keys() - failing == set()
