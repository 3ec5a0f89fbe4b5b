"""Checks for the page about export: by hand, and a record that returns to what it records."""

import numpy as np
import pytest
import torch


def test_a_branch_on_a_shape(values):
    """The slope of c x^2 at 1 is 2 c: c is 5 for five rows, and 2 for the recorded three."""
    assert values("guides/export/branch_right.py")["slope"] == 2 * 5
    assert values("guides/export/branch.py")["slope"] == 2 * 2


def test_the_exported_forces(values):
    """They are those of tanh's derivative, written out, at the second input."""
    found = values("guides/export/record.py")
    W, b, w = (np.array(found[name], dtype=np.float64) for name in ("W", "b", "w"))
    hidden = np.tanh(np.array(found["x2"]) @ W.T + b)
    true = -((1 - hidden**2) * w) @ W
    assert np.allclose(found["at_second"], true, atol=1e-6)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("activation", [torch.nn.Tanh(), torch.nn.Softplus(), torch.nn.GELU()])
def test_no_network_of_linear_layers_is_traced(activation):
    """Whatever its activation saves, the transposed weight is a new tensor."""
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), activation, torch.nn.Linear(4, 1))
    with pytest.raises(RuntimeError, match="Cannot insert a Tensor that requires grad"):
        torch.jit.trace(slopes(net), torch.randn(3, 2), check_trace=False)


@pytest.mark.filterwarnings("ignore")
def test_what_is_traced_of_functions_without_parameters():
    """Saved outputs raise; saved inputs pass, but for the check."""
    x, second = torch.randn(2, 3, 2)
    for f in (torch.tanh, torch.exp, torch.relu, lambda x: x.softmax(-1)):
        with pytest.raises(RuntimeError, match="Cannot insert a Tensor that requires grad"):
            torch.jit.trace(slopes(f), x, check_trace=False)
    for f in (torch.nn.functional.softplus, torch.sin, torch.square):
        with pytest.raises(RuntimeError, match="does not require grad"):
            torch.jit.trace(slopes(f), x)
        traced = torch.jit.trace(slopes(f), x, check_trace=False)
        assert torch.allclose(traced(second), slopes(f)(second))


def slopes(f):
    def of(x):
        x = x.detach().requires_grad_()
        return torch.autograd.grad(f(x).sum(), x)[0]

    return of
