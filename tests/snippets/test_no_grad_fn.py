"""Oracles for docs/pitfalls/no-grad-fn.md: closed forms with SymPy, never autograd."""

import pytest
import sympy
import torch

FOLDER = "pitfalls/no_grad_fn/"


@pytest.mark.parametrize(("name", "moved"), [("right", True), ("labeled", False)])
def test_training_moves_the_weights(values, name, moved):
    """A label on the penalty leaves the weights where they began, bit for bit."""
    found = values(f"{FOLDER}{name}.py")
    assert found["moved"] is moved
    assert found["penalty"] > 0


def test_each_cause_stops_at_its_own_flag(report):
    """Grad mode, output, inner gradient, penalty: the first False is the last but copies of it."""
    lines = report.verdicts[FOLDER + "causes.py"].snippet.text.splitlines()
    said = dict(line[3:].split(": ") for line in lines if line.startswith("#> "))
    flags = {name: words.split().index("False") for name, words in said.items() if "F" in words}
    assert flags == {
        "grad mode off": 0,
        "a frozen model on data": 1,
        "enable_grad in inference mode": 1,
        "inside vmap": 1,
        "argmax": 1,
        "no flag": 2,
        "a custom function": 2,
        "a linear function": 2,
        "a cut": 3,
    }
    assert said["none of them"] == "True True True True"


def test_constant_gradient(values):
    """A linear function has the second derivative zero, and x^3 has 6 x."""
    x = sympy.Symbol("x")
    assert (3 * x).diff(x, 2) == 0
    right = values(FOLDER + "constant_right.py")
    assert right["u_x"] == pytest.approx([3.0, 3.0])
    assert right["u_xx"] == [0.0, 0.0]
    func = values(FOLDER + "func.py")
    assert func["linear"] == 0
    assert func["cubic"] == pytest.approx(float((x**3).diff(x, 2).subs(x, 2)))


def test_linear_model(report):
    """The penalty of a linear model has the gradient 2 w, and does not depend on x and b."""
    w, x, b = sympy.symbols("w:2"), sympy.symbols("x:2"), sympy.Symbol("b")
    y = w[0] * x[0] + w[1] * x[1] + b
    penalty = sum(y.diff(one) ** 2 for one in x)
    at = {w[0]: 3, w[1]: 4}
    gradient = [float(penalty.diff(one).subs(at)) for one in w]
    assert [penalty.diff(one) for one in (*x, b)] == [0, 0, 0]
    verdict = report.verdicts[FOLDER + "linear.py"]
    assert verdict.values["w"] and verdict.values["penalty"] == float(penalty.subs(at))
    stated = [line for line in verdict.snippet.text.splitlines() if "materialize_grads:" in line]
    tensor = f"tensor([{gradient[0]:.0f}., {gradient[1]:.0f}.])"
    assert [line.split(": ")[1] for line in stated[1:]] == [tensor, "tensor([0., 0.])", "0.0"]


def test_input_that_requires_a_gradient(values):
    """The derivatives of sum(x^3) are 3 x^2 and 6 x."""
    early = values(FOLDER + "early.py")
    assert early["u_x"] == pytest.approx([3.0, 12.0])
    assert early["u_xx"] == pytest.approx([6.0, 12.0])


def test_what_is_frozen():
    """A frozen weight is refused by name; a network that is frozen throughout is silent."""
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    x = torch.ones(3, 2, requires_grad=True)
    net[0].requires_grad_(False)
    with pytest.raises(RuntimeError, match="differentiated Tensors does not require grad"):
        torch.autograd.grad(net(x).sum(), list(net.parameters()))
    net.requires_grad_(False)
    slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
    slope.pow(2).sum().backward()
    assert [p.grad for p in net.parameters()] == [None] * 4


def test_only_the_last_bias_is_not_in_the_forces(values):
    """The forces of a potential depend on all weights but the bias that is added last."""
    assert values(FOLDER + "library_right.py")["lost"] == ["net.2.bias"]


@pytest.mark.parametrize("name", ["validate", "missing", "library", "constant"])
def test_one_message_for_all_causes(values, name):
    """Each of these raises the message that the page is about."""
    assert "does not have a grad_fn" in values(f"{FOLDER}{name}.py")["error"]


def test_one_frozen_weight_is_not_all():
    """On plain data, the output has a history as long as one weight requires a gradient."""
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Linear(4, 1))
    net[0].requires_grad_(False)
    assert net(torch.ones(3, 2)).requires_grad
    assert not net.requires_grad_(False)(torch.ones(3, 2)).requires_grad


def test_a_state_dict_has_no_history():
    """Its tensors are detached; the named parameters are not."""
    net, x = torch.nn.Linear(2, 1), (torch.ones(3, 2),)
    assert not torch.func.functional_call(net, net.state_dict(), x).requires_grad
    assert torch.func.functional_call(net, dict(net.named_parameters()), x).requires_grad


def test_ways_around_a_library(report):
    """The attribute alone keeps dropout off; the energy that is returned leads to a copy."""
    text = report.verdicts[FOLDER + "library.py"].snippet.text
    found = {}
    exec(
        text.replace("nn.Tanh(),", "nn.Tanh(), nn.Dropout(),").partition("energy, forces =")[0],
        found,
    )
    model, positions = found["model"], found["positions"].requires_grad_()
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(model(positions)[0], positions)
    energy = model.net(positions).sum()
    assert torch.autograd.grad(energy, positions, create_graph=True)[0].requires_grad
    model.training = True
    forces = model(positions)[1]
    assert forces.requires_grad and torch.equal(forces, model(positions)[1])
    model.train()
    assert not torch.equal(model(positions)[1], model(positions)[1])


def test_torch_func_answers_zero_for_a_cut():
    """A cut, and what has no derivative, is zero to torch.func, and no error."""
    cut = torch.func.grad(lambda x: (x.detach() ** 2 + x.argmax()).sum())
    assert cut(torch.tensor([2.0, 1.0])).tolist() == [0, 0]


def test_a_recorded_gradient_that_is_a_leaf():
    """An operation that passes its gradient through returns the grad_outputs themselves."""
    v, x = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    assert torch.autograd.grad(x + 1, x, v, create_graph=True)[0].is_leaf
    assert not torch.autograd.grad((x**2).sum(), x, create_graph=True)[0].is_leaf
