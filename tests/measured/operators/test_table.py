"""The committed table of operators is what PyTorch does today, and each failure is explained."""

import datetime
import inspect
import json
import math
import os
import random
import re
import time
from collections import Counter
from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F

pytest.importorskip("torch.testing._internal.common_methods_invocations")

from measured.kit import changes
from measured.operators import page
from measured.operators.__main__ import load, results
from measured.operators.called import listed
from measured.operators.entries import known
from measured.operators.measure import measure
from measured.operators.run import ENVIRONMENT, examine, run

NOTES = json.loads(page.NOTES.read_text(encoding="utf-8"))
#: What needs a note: what to use instead, or why it is so.
FAILING = ("silently wrong", "first derivative wrong", "raises", "raises in part")
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
        if record["status"] in FAILING and record["seconds"] < SLOW
    }
    assert len(failing) > 30
    assert measured_again(table, failing) == []


def test_a_sample_that_changes_each_day(table):
    """Forty others, chosen by the date, are measured again."""
    fast = sorted(
        name
        for name, record in table.items()
        if record["status"] not in FAILING and 0 < record.get("seconds", 0) < SLOW / 3
    )
    today = datetime.datetime.now(datetime.UTC).date().toordinal()
    chosen = set(random.Random(today).sample(fast, 40))
    assert measured_again(table, chosen) == []


def test_a_wrong_status_is_named(table):
    """A table that is wrong on purpose is found, by the operator's name."""
    name = "operator nn.functional.hardsigmoid"
    lie = {**table[name], "status": "works"}
    expected = "nn.functional.hardsigmoid: status was works, is raises"
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
        assert record == {"kind": "called", "key": key, "status": "unmeasured"}
    assert list(found.values()) == [{"seed": "0", "threads": 1}] * 4


def test_each_failure_is_explained(table):
    """A failing operator has a note, and no note is left of one that simply works."""
    status = {record["key"]: record["status"] for record in table.values()}
    failing = {key for key, found in status.items() if found in FAILING}
    assert failing - NOTES.keys() == set()
    assert {key for key in NOTES if status.get(key, "works") == "works"} == set()


def test_the_summary_is_what_the_table_shows():
    """Its counts, from the rows of the HTML: nothing of what made them is used."""
    rows = re.findall(r'<tr id="[^"]+" class="([^"]+)">(.*?)</tr>', page.table(None))
    count = Counter(status for status, _ in rows)
    told = re.sub("<a .*?</a>", "", page.summary(None))
    numbers = [int(n) for n in re.findall(r"(?<![\w.\[`])\d+(?!\w|\.\d)", told)]
    cells = [
        re.findall(r"<td>(.*?)</td>", row)[2:]
        for status, row in rows
        if status == "wrong-by-another-route"
    ]
    routes = [
        sum('class="wrong"' in cell for cell in column) for column in zip(*cells, strict=True)
    ]
    assert numbers == [
        len(rows) - count["not-differentiable"],
        count["raises"],
        count["raises-in-part"],
        count["silently-wrong"],
        count["first-derivative-wrong"],
        count["wrong-by-another-route"],
        *filter(None, routes),
        count["zero"],
        count["works"],
        count["raises-by-another-route"],
        count["unmeasured"],
        count["no-derivative"],
    ]
    for status in ("silently-wrong", "first-derivative-wrong"):
        named = [re.search(r"<code>(.*?)</code>", row)[1] for kind, row in rows if kind == status]
        assert all(f"<code>{name}</code>" in page.summary(None) for name in named)


def test_what_an_expert_would_doubt(table):
    """Ten rows, each beside a derivative that somebody worked out by hand."""
    found = {record["key"]: record for record in table.values() if record["kind"] == "called"}
    found |= {record["key"]: record for record in table.values() if record["kind"] != "called"}
    verdict = {key: record["status"] for key, record in found.items()}
    x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)

    def second(function, x=x):
        (first,) = torch.autograd.grad(function(x), x, create_graph=True)
        return torch.autograd.grad(first.sum(), x)[0].tolist()

    # 1. A linear operation, with a square after it: 2. A bag of one row raises there.
    assert verdict["sum"] == "works" and second(lambda x: x.sum() ** 2) == [4.0, 4.0]
    bag = lambda x: F.embedding_bag(torch.tensor([[0], [1]]), x[:, None])  # noqa: E731
    with pytest.raises(NotImplementedError, match="_embedding_bag_backward"):
        second(lambda x: bag(x).square().sum())
    assert verdict["nn.EmbeddingBag, mean"] == "raises"
    # 2. and 3. A cast to half precision: x^2 has the second derivative 2 behind it.
    for name, cast in (("half", torch.half), ("bfloat16", torch.bfloat16)):
        assert second(lambda x, cast=cast: x.to(cast).double().square().sum()) == [2.0, 2.0]
        assert verdict[name] == "works"
    # 4. and 5. A tie, and a kink: one-sided slopes that differ, by hand 1 and 0.
    assert measure(partial(torch.amax, dim=0), [torch.ones(2).double()])["outcome"] == (
        "no derivative"
    )
    assert verdict["max, at a tie"] == verdict["relu, at zero"] == "no derivative"
    # 6. Weight normalization in one dimension is the sign of v, whose second derivative is 0.
    g = torch.ones(2, 1, dtype=torch.float64)
    v = torch.tensor([[3.0], [4.0]], dtype=torch.float64, requires_grad=True)
    square = lambda v: (v / v.norm(dim=1, keepdim=True) + v).square().sum()  # noqa: E731
    built_in = lambda v: (torch._weight_norm(v, g, 0) + v).square().sum()  # noqa: E731
    expected = torch.tensor([[2.0], [2.0]]).double()
    for function, same in ((square, True), (built_in, False)):
        (first,) = torch.autograd.grad(function(v), v, create_graph=True)
        (twice,) = torch.autograd.grad(first.sum(), v)
        assert torch.allclose(twice, expected) is same
    assert verdict["nn.utils.parametrizations.weight_norm, train"] == "silently wrong"
    # 7. What as_strided_scatter overwrites has no influence, and gets the gradient.
    y = torch.as_strided_scatter(x, torch.zeros(1).double(), (1,), (1,), 0)
    assert torch.autograd.grad(y.sum(), x)[0].tolist() == [1.0, 0.0]
    assert verdict["as_strided_scatter"] == "first derivative wrong"
    # 8. A fused step writes in place: w - lr * g has the derivative -lr in g.
    assert verdict["optim.sgd, fused"] == "first derivative wrong"
    assert verdict["optim.sgd, plain"] == "works"
    # 9. A sample of a power outside of its domain is no failure.
    assert found["__rpow__"]["pointless"] == 8 and found["__rpow__"]["passed"] == 1
    # 10. Group norm in a batched pass: right row by row, and the rows are wrong.
    assert verdict["group_norm, small"] == "wrong by another route"
    assert found["group_norm, small"]["routes"]["batched"].startswith("wrong")


def test_a_batched_pass_is_wrong_for_group_norm_alone(table):
    """Among what is right row by row, as the page on loops says; nan is no answer either."""
    wrong = {
        one["key"]
        for one in table.values()
        if one["routes"]["batched"].startswith("wrong")
        and one["routes"]["double backward"] == "right"
    }
    assert wrong == {"group_norm, small"}


def test_an_infinite_input_is_no_fault_of_the_batched_pass():
    """A softmax of scores that are partly masked by minus infinity."""
    scores = torch.tensor([[0.3, -math.inf, 1.0]], dtype=torch.float64)
    found = measure(lambda x: x.softmax(-1), [scores], True, 0.0)
    assert found["batched"] == "right"


def test_the_search_leads_to_rows_that_are_there():
    """Each entry to one of its own."""
    found = [entry["location"] for entry in page.entries("reference/operators/")]
    assert len(set(found)) == len(found) > 500
    rows = set(re.findall(r'<tr id="([^"]+)"', page.table(None)))
    assert {place.removeprefix("reference/operators/#") for place in found} <= rows
