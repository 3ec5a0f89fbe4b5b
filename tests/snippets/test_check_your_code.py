"""Oracles for the page on checking one's own code: SymPy and NumPy, and what each test misses."""

from pathlib import Path

import numpy as np
import pytest
import sympy
import torch

PAGE = "learn/check_your_code/"
POINT = (1, 2)
DIRECTION = np.array([0.6, 0.8])


def gradients():
    """Return the gradients of the loss, of the penalty and of the total, from SymPy."""
    w = sympy.symbols("w:2")
    loss = sum(entry**3 for entry in w)
    penalty = sum(sympy.diff(loss, entry) ** 2 for entry in w)
    at = dict(zip(w, POINT, strict=True))
    return [
        np.array([float(sympy.diff(f, entry).subs(at)) for entry in w])
        for f in (loss, penalty, loss + penalty)
    ]


def second_derivative():
    """Return the second derivative of x exp(x) at one half, from SymPy."""
    x = sympy.symbols("x")
    return float(sympy.diff(x * sympy.exp(x), x, 2).subs(x, sympy.Rational(1, 2)))


def test_the_example_on_the_page():
    """The gradients that the page derives by hand are right."""
    loss, penalty, total = gradients()
    assert loss.tolist() == [3, 12]
    assert penalty.tolist() == [36, 288]
    assert total.tolist() == [39, 300]


def test_grad_fn_tells_patched_from_real(values):
    """requires_grad can be set afterwards, so it says True for a gradient that is cut."""
    found = values(PAGE + "requires_grad.py")
    assert found["patched_requires_grad"] is True
    assert found["grad"] == found["cut"] == found["patched"] == [3 * w**2 for w in (1, 2)]


def test_custom_function(values):
    """Saving the input gives the second derivative; saving an intermediate does not."""
    wrong, right = values(PAGE + "saved_intermediate.py"), values(PAGE + "saved_input.py")
    assert right["d2y_dx2"] == pytest.approx(second_derivative(), rel=1e-12)
    assert wrong["d2y_dx2"] == pytest.approx(float(np.exp(0.5)), rel=1e-12)
    assert wrong["dy_dx"] == right["dy_dx"] == pytest.approx(1.5 * float(np.exp(0.5)), rel=1e-12)


def test_finite_difference_of_the_custom_function(values):
    """The difference of the wrong version's first derivative finds the right second one."""
    found = values(PAGE + "saved_intermediate.py")
    assert found["difference"] == pytest.approx(second_derivative(), rel=1e-8)
    assert found["difference"] != pytest.approx(found["d2y_dx2"], rel=0.1)


def test_penalty_alone_raises(values):
    """A cut penalty cannot be differentiated when it stands alone, patched or not."""
    assert "does not require grad" in values(PAGE + "penalty_alone.py")["error"]
    assert "not have been used in the graph" in values(PAGE + "plaster_alone.py")["error"]


def test_half_cut_penalty(values):
    """One detached factor halves the penalty's gradient and keeps its value."""
    loss, penalty, total = gradients()
    wrong, right = values(PAGE + "half_cut.py"), values(PAGE + "not_cut.py")
    assert right["dP_dw"] == penalty.tolist()
    assert right["dL_dw"] == total.tolist()
    assert wrong["dP_dw"] == (penalty / 2).tolist()
    assert wrong["dL_dw"] == (loss + penalty / 2).tolist() == [21, 156]


def test_coefficient_zero(values):
    """Only the cut penalty is bit for bit no penalty."""
    found = values(PAGE + "coefficient_zero.py")
    assert found["cut_is_inert"] is True
    assert found["right_is_inert"] is False


def test_finite_difference_of_a_cut_loss(values):
    """Values alone give the slope of the right loss, although the loss is cut."""
    loss, _, total = gradients()
    found = values(PAGE + "finite_difference.py")
    assert found["right"] == pytest.approx(total @ DIRECTION, rel=1e-12)
    assert found["difference"] == pytest.approx(total @ DIRECTION, rel=1e-8)
    assert found["cut"] == pytest.approx(loss @ DIRECTION, rel=1e-12)
    assert found["cut"] != pytest.approx(total @ DIRECTION, rel=0.1)


def test_a_bias_raises_on_right_code(values):
    """The penalty of a linear layer, four times the square of its weights, has no bias in it."""
    found = values(PAGE + "last_bias.py")
    assert found["penalty"] == pytest.approx(4 * np.square(found["dP_dweight"]).sum() / 64)
    assert "index 1 appears to not have been used" in found["error"]


def test_an_inactive_hinge_is_right_and_inert(values):
    """The gradient's norm is below 1 at the start, and falls with the weights."""
    start, active = np.array([0.5, 0.4]), np.array(POINT, dtype=float)
    assert np.linalg.norm(3 * start**2) < 1
    found = values(PAGE + "inactive_hinge.py")
    assert found["hinge_is_inert"] is True
    norm = np.linalg.norm(3 * active**2)
    hinge = 2 * (norm - 1) * 18 * active**3 / norm
    assert found["dL_dw"] == pytest.approx(3 * active**2 + hinge, rel=1e-5)


def test_a_small_coefficient_hides_a_cut(values):
    """The slope is that of the loss alone, and the difference that of the total."""
    loss, penalty, _ = gradients()
    found = values(PAGE + "small_coefficient.py")
    assert found["coefficient"] == 1e-6
    assert found["slope"] == pytest.approx(loss @ DIRECTION, rel=1e-12)
    assert found["difference"] == pytest.approx((loss + 1e-6 * penalty) @ DIRECTION, rel=1e-7)


def test_a_harmless_cut(values):
    """The spread around the mean has the derivative 2 (g - mean) dg/dw, mean held or not."""
    found = values(PAGE + "answer_harmless.py")
    w = np.array(POINT, dtype=float)
    g = 3 * w**2
    truth = 2 * (g - g.mean()) * 6 * w @ DIRECTION
    assert found["autograd"] == pytest.approx(truth, rel=1e-12)
    assert found["difference"] == pytest.approx(truth, rel=1e-8)


def test_the_place_of_a_cut(values):
    """Up to the .data of the mean the slopes are those of the closed form, and not from there."""
    found = values(PAGE + "answer_place.py")
    x, W, v = (np.array(found[name]) for name in "xWv")
    torch.manual_seed(0)
    for shape in ((16, 2), (2, 8), (2, 8)):
        torch.randn(shape, dtype=torch.float64)
    shapes = ((16,), (16, 2), (16,), (16,), ())
    factors = [torch.randn(shape, dtype=torch.float64).numpy() for shape in shapes]

    def numbers(W):
        t = np.tanh(x @ W)
        g = (1 - t**2) @ W.T
        length = np.linalg.norm(g, axis=1)
        share, ratio = np.exp(length) / np.exp(length).sum(), length / length.mean()
        parts = (t.sum(axis=1), g, share, ratio, share @ ratio)
        return np.array([(f * part).sum() for f, part in zip(factors, parts, strict=True)])

    truth = (numbers(W + 1e-5 * v) - numbers(W - 1e-5 * v)) / 2e-5
    autograd, difference = np.array(found["found"]).T
    assert difference == pytest.approx(truth, rel=1e-5)
    right = np.isclose(autograd, truth, rtol=1e-6)
    assert right.tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("stop", [torch.round, torch.sign, lambda g: g.clamp(max=1)])
def test_an_operation_without_slope_gives_zeros(stop):
    """The penalty alone does not raise behind it, because it still has a path to the weights."""
    w = torch.tensor(POINT, dtype=torch.float64, requires_grad=True)
    g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
    assert torch.autograd.grad(stop(g).sum(), w)[0].tolist() == [0, 0]


def test_squares_miss_a_cut_unit_vector():
    """The squares add up to 1, so the difference is 0 as well; random factors see the cut."""
    x = torch.tensor([0.3, -0.8, 0.5], dtype=torch.float64)
    w = torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64)
    move = torch.tensor([0.2, -0.1, 0.4], dtype=torch.float64)

    def unit(w):
        g = x * (1 - torch.tanh(x * w) ** 2)
        return g / g.norm()

    for number, seen in ((lambda u: u @ u, False), (lambda u: u @ move, True)):
        difference = (number(unit(w + 1e-6 * move)) - number(unit(w - 1e-6 * move))) / 2e-6
        assert (abs(difference.item()) > 1e-3) is seen


def test_gradcheck_and_gradgradcheck_raise(values):
    """gradgradcheck finds the custom function, gradcheck finds the cut loss."""
    for name in ("gradgradcheck.py", "gradcheck_loss.py"):
        assert "Jacobian mismatch" in values(PAGE + name)["error"]


def test_a_penalty_that_contains_weights_itself_hides_its_cut():
    """With g held constant, g²/L still has the gradient -g²/L² dL/dw."""
    w = torch.tensor(POINT, dtype=torch.float64, requires_grad=True)
    loss = (w**3).sum()
    g = torch.autograd.grad(loss, w, retain_graph=True)[0]
    found = torch.autograd.grad(g @ g / loss, w)[0]
    slope, _, _ = gradients()
    assert found.tolist() == pytest.approx(-(slope @ slope) / 9**2 * slope, rel=1e-6)


@pytest.mark.parametrize("view", [lambda g: g[0], lambda g: g.view(2, 1), lambda g: g[None].mT])
def test_a_view_under_no_grad_has_the_label_alone(view):
    """So has what is computed from it afterwards, a node included; a copy has neither."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    grad = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
    with torch.no_grad():
        part, copy = view(grad), grad.clone()
    assert part.requires_grad
    assert part.grad_fn is None
    assert not copy.requires_grad
    assert torch.autograd.grad(part.sum(), w, allow_unused=True)[0] is None


def test_zeros_that_were_filled_in_have_the_label_alone():
    """With create_graph=True; without it they have neither."""
    w, unused = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    for flag in (True, False):
        zeros = torch.autograd.grad((w**2).sum(), unused, create_graph=flag, materialize_grads=True)
        assert zeros[0].requires_grad is flag
        assert zeros[0].grad_fn is None


@pytest.mark.parametrize("skip", [True, False])
def test_a_skipped_penalty_leaves_other_random_numbers(skip):
    """So the gradient changes with the coefficient, although the penalty is cut."""

    def gradient(coefficient):
        torch.manual_seed(0)
        w = torch.ones(2, requires_grad=True)
        loss = (w**3).sum()
        if coefficient or not skip:
            slope = torch.autograd.grad(torch.tanh(torch.randn(2) * w).sum(), w)[0]
            loss = loss + coefficient * slope.square().sum()
        return torch.autograd.grad(loss + torch.randn(2) @ w, w)[0]

    assert torch.equal(gradient(1.0), gradient(0.0)) is not skip


@pytest.mark.parametrize("trained", ["last bias", "last layer", "all"])
def test_when_no_trained_parameter_enters_a_right_penalty(trained):
    """The slope of a linear output has weights in it, and not the bias behind them."""
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    params = {"last bias": [net[2].bias], "last layer": net[2].parameters()}
    params = list(params.get(trained, net.parameters()))
    x = torch.ones(4, 2, requires_grad=True)
    slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
    found = torch.autograd.grad(slope.square().sum(), params, allow_unused=True)
    assert all(g is None for g in found) == (trained == "last bias")
    assert found[-1] is None


@pytest.mark.parametrize(("combine", "same"), [("add", True), ("mul", False), ("maximum", False)])
def test_the_value_of_a_cut_penalty_counts_unless_it_is_added(combine, same):
    """As a factor, or as the larger of two, it changes the gradient although it is a constant."""
    w = torch.tensor([0.5, 0.4], requires_grad=True)
    loss = (w**3).sum()
    penalty = torch.autograd.grad(loss, w, retain_graph=True)[0].square().sum()
    with_it = torch.autograd.grad(getattr(torch, combine)(loss, penalty), w, retain_graph=True)[0]
    assert torch.equal(with_it, torch.autograd.grad(loss, w)[0]) is same


@pytest.mark.parametrize(
    ("head", "enters"), [(torch.square, True), (torch.sigmoid, True), (torch.sum, False)]
)
def test_when_the_last_bias_enters_a_penalty(head, enters):
    """It does through the residual of a loss or the slope of a sigmoid."""
    net, x = torch.nn.Linear(2, 1), torch.eye(2, requires_grad=True)
    slope = torch.autograd.grad(head(net(x)).sum(), x, create_graph=True)[0]
    got = torch.autograd.grad(slope.square().sum(), net.bias, allow_unused=True)[0]
    assert (got is not None) is enters


@pytest.mark.parametrize("steered", [False, True])
def test_a_schedule_that_reads_the_loss_sees_a_cut_penalty(steered):
    """The rate falls when the value does not, although the gradient 2w is that of w² alone."""
    w = torch.tensor(POINT, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)
    truth, rate, best = np.array(POINT, dtype=float), 0.1, np.inf
    for _ in range(9):
        optimizer.zero_grad()
        loss = w.square().sum()
        g = torch.autograd.grad(loss, w, retain_graph=True)[0]
        loss = loss + steered / g.norm()
        loss.backward()
        optimizer.step()
        schedule.step(loss.item())
        value = truth @ truth + steered / np.linalg.norm(2 * truth)
        truth = truth - rate * 2 * truth
        rate, best = (rate, value) if value < best else (rate / 10, best)
    assert w.tolist() == pytest.approx(truth.tolist(), rel=1e-12)
    assert (rate < 0.1) is steered


@pytest.mark.parametrize("fast_mode", [False, True])
@pytest.mark.parametrize("coefficient", [1, 1e-6])
def test_gradcheck_passes_a_cut_with_a_small_coefficient(coefficient, fast_mode):
    """An error of 300 times the coefficient is below its tolerance."""

    def loss(w):
        total = (w * w * w).sum()
        g = torch.autograd.grad(total, w, retain_graph=True)[0]
        return total + coefficient * g @ g

    w = torch.tensor(POINT, dtype=torch.float64, requires_grad=True)
    passed = torch.autograd.gradcheck(loss, w, fast_mode=fast_mode, raise_exception=False)
    assert passed is (coefficient < 1)


def test_a_message_that_tells_of_no_cut():
    """A right penalty raises as well, after a walk that freed what it needs."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = (w**3).sum()
    penalty = torch.autograd.grad(loss, w, create_graph=True)[0].square().sum()
    (loss + penalty).backward()
    assert w.grad.tolist() == [39, 300]
    with pytest.raises(RuntimeError, match="a second time"):
        torch.autograd.grad(penalty, w, allow_unused=True)


def test_what_the_course_needs():
    """One example of all lessons needs NumPy, and one scikit-learn."""
    code = {path.stem: path.read_text() for path in Path("snippets/learn").rglob("*.py")}
    assert [name for name, text in code.items() if "numpy" in text] == ["inactive_hinge"]
    assert [name for name, text in code.items() if "sklearn" in text] == ["train"]


def test_the_slope_of_a_module(values):
    """Its penalty written out, the slope of a network with one tanh layer, differenced by NumPy."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 4), torch.nn.Linear(4, 1)
    W, b, U, c = (p.detach().double().numpy() for layer in layers for p in layer.parameters())
    x = torch.randn(8, 3, dtype=torch.float64).numpy()
    v = [torch.randn(p.shape, dtype=torch.float64).numpy() for p in (W, b, U, c)]

    def penalty(step):
        W_, b_, U_ = (p + step * d for p, d in zip((W, b, U), v[:3], strict=True))
        slopes = ((1 - np.tanh(x @ W_.T + b_) ** 2) * U_) @ W_
        return (slopes**2).sum(1).mean()

    truth = (penalty(1e-5) - penalty(-1e-5)) / 2e-5
    found = values(PAGE + "module_slope.py")
    assert found["difference"] == pytest.approx(truth, rel=1e-6)
    assert float(found["slope"]) == pytest.approx(truth, rel=1e-6)
