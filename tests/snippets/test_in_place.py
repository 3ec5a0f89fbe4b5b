"""Oracles for docs/pitfalls/in-place.md: closed forms and SymPy."""

import contextlib
import re

import pytest
import sympy
import torch
from torch import nn

FOLDER = "pitfalls/in_place/"


def test_gradient_of_the_penalty(values):
    """With P = sum((3 w^2)^2), the gradient at the weight of the forward pass is 36 w^3."""
    w = sympy.Symbol("w")
    dP = ((w**3).diff(w) ** 2).diff(w)
    true = [float(dP.subs(w, value)) for value in (1, 2)]
    for name in ("order.py", "allowed.py"):
        assert values(FOLDER + name)["dP_dw"] == pytest.approx(true)
    data = values(FOLDER + "data.py")["dP_dw"]
    assert data != pytest.approx(true, rel=0.1)
    mixed = [2 * 3 * old**2 * 6 * (old - 0.5) for old in (1.0, 2.0)]
    assert data == pytest.approx(mixed)


def test_the_weight_really_moved(values):
    """With the step in between, the weight is half a unit lower."""
    assert values(FOLDER + "allowed.py")["w"] == pytest.approx([0.5, 1.5])


def test_scaled(values):
    """Ten times the gradient gives a hundred times the penalty, and a hundred times its slope."""
    true = [100 * 36 * w**3 for w in (1.0, 2.0)]
    right = values(FOLDER + "scaled_right.py")
    wrong = values(FOLDER + "scaled_no_grad.py")
    assert right["dP_dw"] == pytest.approx(true)
    assert wrong["dP_dw"] == pytest.approx([value / 10 for value in true])
    assert right["penalty"] == wrong["penalty"] == 100 * (3.0**2 + 12.0**2)


def test_steps_and_losses_in_order(values):
    """With the loss after the step, or the losses in one pass, the gradient is there."""
    for name in ("gan", "penalty"):
        assert "inplace operation" in values(f"{FOLDER}{name}.py")["error"]
        gradient = values(f"{FOLDER}{name}_right.py")["gradient"]
        assert any(entry for row in gradient for entry in row)


def difference(loss, weight, place, step=1e-6):
    """The slope of a loss along one entry of a weight in float64."""
    values = []
    for move in (step, -2 * step, step):
        values.append(loss().item())
        with torch.no_grad():
            weight[place] += move
    return (values[1] - values[2]) / (2 * step)


@pytest.mark.parametrize("name", ["gan", "gan_right"])
def test_loss_of_the_critic(report, name):
    """Its penalty reaches the weights, as a difference of first derivatives says."""
    text = report.verdicts[f"{FOLDER}{name}.py"].snippet.text
    found = {"torch": torch}
    exec(re.search(r"def critic_loss.*?return [^\n]*", text, re.DOTALL)[0], found)
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 1)).double()
    data, weight = torch.randn(2, 16, 2).double(), critic[0].weight
    loss = lambda: found["critic_loss"](critic, *data)  # noqa: E731
    (slope,) = torch.autograd.grad(loss(), weight)
    for place in ((0, 0), (3, 1)):
        assert slope[place].item() == pytest.approx(difference(loss, weight, place), rel=1e-5)


def test_losses_in_one_pass(values):
    """The gradient is that of both losses, again by differences."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)).double()
    x, weight = torch.randn(16, 2).double().requires_grad_(), net[0].weight

    def loss():
        u = net(x)
        return u.pow(2).mean() + torch.autograd.grad(u.sum(), x)[0].pow(2).mean()

    gradient = values(FOLDER + "penalty_right.py")["gradient"]
    for i, j in ((0, 0), (3, 1)):
        assert gradient[i][j] == pytest.approx(difference(loss, weight, (i, j)), rel=1e-4)


def test_layers(report):
    """An in-place layer fails behind one that has saved its result, and only there."""
    lines = report.verdicts[FOLDER + "layers.py"].snippet.text.splitlines()
    said = dict(line[3:].split("  ", 1) for line in lines if line.startswith("#> "))
    works = {name for name, result in said.items() if result.strip() == "works"}
    assert works == {"linear, relu_", "linear, silu_", "batch norm, relu_"}


def test_fused_step_is_not_noticed(values):
    """The kernel of a fused optimizer changes the weight, and the check does not see it."""
    mixed = [2 * 3 * old**2 * 6 * (old - 0.5) for old in (1.0, 2.0)]
    assert values(FOLDER + "fused.py")["w"] == pytest.approx([0.5, 1.5])
    assert values(FOLDER + "fused.py")["dP_dw"] == pytest.approx(mixed)


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW])
@pytest.mark.parametrize("options", [{}, {"foreach": True}, {"fused": True}])
def test_which_steps_raise(kind, options):
    """A step between two losses raises, unless the optimizer is fused."""
    w = torch.ones(2, requires_grad=True)
    penalty = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0].pow(2).sum()
    w.grad = torch.ones(2)
    kind([w], lr=0.1, **options).step()
    noticed = pytest.raises(RuntimeError, match="inplace operation")
    with contextlib.nullcontext() if "fused" in options else noticed:
        (slope,) = torch.autograd.grad(penalty, w)
        assert not torch.allclose(slope, torch.full((2,), 36.0), rtol=0.05)


@pytest.mark.parametrize("early", [False, True])
def test_hessian_filled_in_place(early):
    """It can be differentiated once it is complete, and not if a loss used it before."""
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    g = torch.autograd.grad(x.prod() ** 2, x, create_graph=True)[0]
    H, used = torch.zeros(2, 2), 0
    for i in range(2):
        H[:, i] = torch.autograd.grad(g[i], x, create_graph=True)[0]
        used = used + early * H.pow(2).sum()
    used = used if early else H.pow(2).sum()
    with pytest.raises(RuntimeError, match="CopySlices") if early else contextlib.nullcontext():
        slope = torch.autograd.grad(used, x)[0]
        # H = ((2 b^2, 4 a b), (4 a b, 2 a^2)), so |H|^2 = 4 b^4 + 4 a^4 + 32 a^2 b^2.
        assert slope.tolist() == [16 + 64 * 4, 16 * 8 + 64 * 2]
