"""Oracles for docs/pitfalls/cut-in-the-middle.md: closed forms, SciPy, differences."""

import math

import numpy
import pytest
import torch
from scipy.special import j0, j1

FOLDER = "pitfalls/cut_in_the_middle/"


def test_terms_of_a_list(values):
    """Stacked, they hold the slope below that of the data, which is 2; copied, they do not."""
    right, wrong = values(FOLDER + "domains_right.py"), values(FOLDER + "domains.py")
    means = [numpy.square(found["slope"]).sum(axis=1).mean() for found in (right, wrong)]
    assert right["held"] and means[0] < 2
    assert not wrong["held"] and means[1] > 3


def test_bessel(values):
    """Differences of J0^2 in float64, and the closed form with and without the cut term."""
    x, h = 1.0, 1e-4
    first = (j0(x + h) ** 2 - j0(x - h) ** 2) / (2 * h)
    second = (j0(x + h) ** 2 - 2 * j0(x) ** 2 + j0(x - h) ** 2) / h**2
    right = values(FOLDER + "function_right.py")
    assert right["y_x"] == pytest.approx([first], rel=1e-5)
    assert right["y_xx"] == pytest.approx(second, rel=1e-5)
    assert second == pytest.approx(2 * j1(x) ** 2 - 2 * j0(x) * (j0(x) - j1(x) / x), rel=1e-6)
    wrong = values(FOLDER + "function_obeyed.py")
    assert wrong["y_x"] == pytest.approx([first], rel=1e-5)
    assert wrong["y_xx"] == pytest.approx(2 * j1(x) ** 2, rel=1e-5)
    assert wrong["y_xx"] * second < 0


def test_backward_by_numpy_is_refused_only_when_recorded(report):
    """Without the detach, the first derivative works, and create_graph=True raises."""
    text = report.verdicts[FOLDER + "function_obeyed.py"].snippet.text
    refused = text.replace("j1(x.detach().numpy())", "j1(x.numpy())").partition("y_xx =")[0]
    assert "x.numpy()" in refused and "create_graph=True" in refused
    exec(refused.replace("create_graph=True", "retain_graph=True"), {})
    with pytest.raises(RuntimeError, match="Can't call numpy"):
        exec(refused, {})


def test_a_state_that_is_carried_over(values):
    """With its history it leads into the step before, of which the graph is gone."""
    assert "a second time" in values(FOLDER + "carried.py")["error"]
    assert values(FOLDER + "carried_right.py")["mean"] > 0


def test_twins_by_name():
    """Most functions of math, and most elementwise ones of NumPy, are in torch by their name."""
    functions = [name for name in vars(math) if callable(getattr(math, name)) and name[0] != "_"]
    ufuncs = [name for name in vars(numpy) if isinstance(getattr(numpy, name), numpy.ufunc)]
    for names in (functions, ufuncs):
        assert sum(hasattr(torch, name) for name in names) > 0.7 * len(names)


def test_numpy_refuses_what_has_a_history():
    """An output as well as a recorded gradient, and not a gradient without the flag."""
    w = torch.ones(2, requires_grad=True)
    output = (w**3).sum()
    plain = torch.autograd.grad(output, w, retain_graph=True)[0]
    assert plain.numpy().tolist() == [3, 3]
    for refused in (output, torch.autograd.grad(output, w, create_graph=True)[0]):
        with pytest.raises(RuntimeError, match="Can't call numpy"):
            refused.numpy()
