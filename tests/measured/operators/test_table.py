"""The committed table of operators is what PyTorch does today, and each failure is explained."""

import datetime
import inspect
import json
import os
import random
import re
import time

import pytest
import torch
from torch import nn

pytest.importorskip("torch.testing._internal.common_methods_invocations")

from measured.kit import changes
from measured.operators import page
from measured.operators.__main__ import load, results
from measured.operators.called import listed
from measured.operators.entries import known
from measured.operators.run import ENVIRONMENT, examine, run

NOTES = json.loads(page.NOTES.read_text(encoding="utf-8"))
#: A good second derivative needs no note.
GOOD = ("works twice", "second derivative zero", "not differentiable", "not measured")
#: Slow ones are measured by `make measure WHAT=operators` alone; seconds.
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
    """The committed records, by name."""
    return load()


def measured_again(table, chosen):
    """Measure the chosen records anew; return what differs."""
    before = {name: table[name] for name in chosen}
    return list(changes(results(before), results({name: examine(name) for name in chosen})))


def test_the_table_has_every_operator(table):
    """No operator of the database is missing, and none is in the table alone."""
    assert table.keys() == known().keys()
    assert len(known()) > 800


def test_no_result_hides_another(table):
    """Some operators of the database are also among what people call."""
    assert len(results(table)) == sum(len(results({name: table[name]})) for name in table)


def test_the_table_has_every_module(table):
    """Each public module of torch.nn was measured, or is exempt; normalizations in both modes."""
    modules = {
        name
        for name, value in vars(nn).items()
        if inspect.isclass(value) and issubclass(value, nn.Module)
    }
    rows = {
        record["key"].removeprefix("nn.")
        for record in table.values()
        if record["kind"] == "called" and record["key"].startswith("nn.")
    }
    measured = {re.split("[ ,]", row)[0] for row in rows}
    assert len(modules) > 150
    assert {LAZY.sub("", name) for name in modules} - measured - EXEMPT.keys() == set()
    assert EXEMPT.keys() <= modules - measured
    for name in (name for name in measured if "Norm" in name or "Transformer" in name):
        assert {f"{name}, train", f"{name}, eval"} <= rows


@pytest.mark.parametrize(
    "entry",
    [
        "[plain]\nConv9d = { shapes = [[3, 4]] }",
        "[plain]\nLinear = { args = [4], shapes = [[3, 4]] }",
        "[plain]\nLinear = { args = [4, 3] }",
        "[plain]\nReLU = { shapes = [[3, 4]], label = 3 }",
        "[odd]\nReLU = { shapes = [[3, 4]] }",
    ],
)
def test_an_entry_that_makes_no_module_is_named(entry):
    """An unknown class, group or key, and arguments or shapes that are missing."""
    group, name = re.match(r"\[(\w+)\]\n(\w+)", entry).groups()
    with pytest.raises(ValueError, match=rf"^modules\.toml: \[{group}\] {name}: "):
        list(listed(entry))


def test_every_failure_is_still_there(table):
    """Each operator that fails today is measured again: a mended one must leave the table."""
    failing = {
        name
        for name, record in table.items()
        if record["status"] not in GOOD and record["seconds"] < SLOW
    }
    assert len(failing) > 30
    assert measured_again(table, failing) == []


def test_a_sample_that_changes_each_day(table):
    """Forty others, chosen by the date, are measured again."""
    fast = sorted(
        name
        for name, record in table.items()
        if record["status"] in GOOD and 0 < record.get("seconds", 0) < SLOW / 3
    )
    today = datetime.datetime.now(datetime.UTC).date().toordinal()
    chosen = set(random.Random(today).sample(fast, 40))
    assert measured_again(table, chosen) == []


def test_a_wrong_status_is_named(table):
    """A table that is wrong on purpose is found, by the operator's name."""
    name = "operator nn.functional.hardsigmoid"
    lie = {**table[name], "status": "works twice"}
    expected = "nn.functional.hardsigmoid: status was works twice, is first derivative only"
    assert measured_again({name: lie}, [name]) == [expected]


def behave(name):
    """What the workers of the next test are given to do."""
    if name.endswith("ends"):
        os._exit(3)
    if name.endswith("waits"):
        time.sleep(60)
    return {"seed": os.environ["PYTHONHASHSEED"], "threads": torch.get_num_threads()}


def test_an_entry_that_ends_its_process_or_takes_too_long_is_not_measured(monkeypatch):
    """The record says why, and the others are measured as ever, on one thread each."""
    for name in ENVIRONMENT:
        monkeypatch.setenv(name, "2")
    names = ["called ends", "called waits", *(f"called {number}" for number in range(4))]
    found = dict(run(names, behave, limit=1))
    for key, why in (("ends", "the process ended with code 3"), ("waits", "running after 1 s")):
        record = found.pop(f"called {key}")
        assert why in record.pop("why")
        assert record == {"kind": "called", "key": key, "status": "not measured"}
    assert list(found.values()) == [{"seed": "0", "threads": 1}] * 4


def test_each_failure_is_explained(table):
    """A failing operator has a note: what to use instead, or why it is no real limit."""
    failing = {record["key"] for record in table.values() if record["status"] not in GOOD}
    assert failing - NOTES.keys() == set()
    assert NOTES.keys() - failing == set()


def test_the_search_leads_to_rows_that_are_there():
    """Each entry to one of its own."""
    found = [entry["location"] for entry in page.entries("reference/operators/")]
    assert len(set(found)) == len(found) > 500
    rows = set(re.findall(r'<tr id="([^"]+)"', page.table(None)))
    assert {place.removeprefix("reference/operators/#") for place in found} <= rows
