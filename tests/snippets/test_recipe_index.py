"""Oracle for the index of recipes: second derivatives of one layer, by hand and differences."""

import numpy as np
import pytest
import torch

from proofread.judge.messages import front
from proofread.read.snippet import is_notebook

X, W = np.array([0.5, -1.0]), np.array([[1.0, -0.5], [0.4, -2.0]])
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def differences(function, at, step=1e-6):
    """Return the derivative of a number with respect to an array, by central differences."""
    gradient = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[index] = step
        gradient[index] = (function(at + move) - function(at - move)) / (2 * step)
    return gradient


@pytest.mark.parametrize("row", range(2))
def test_which_second_derivatives_are_zero(values, row):
    """With ReLU, only the one that is twice in the inputs is; with tanh, none is."""
    name = list(ACTIVATIONS)[row]
    act, slope = ACTIVATIONS[name]

    def dy_dx(x, W):
        return (W.T @ slope(W @ x)).sum()

    def dL_dW(W):
        return (2 * act(W @ X).sum() * np.outer(slope(W @ X), X)).sum()

    expected = [
        np.abs(differences(lambda x: dy_dx(x, W), X)).sum(),
        np.abs(differences(lambda W: dy_dx(X, W), W)).sum(),
        np.abs(differences(dL_dW, W)).sum(),
    ]
    found = values("recipes/index/activations.py")["kinds"][row]
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-6)
    assert [size > 0.1 for size in expected] == [name == "tanh", True, True]


def test_each_method_is_in_the_list(report):
    """A recipe without a row is one of two companions of a page that has one."""
    pages = [p for p in report.pages.values() if p.path.startswith("docs/recipes/")]
    without = {page.path for page in pages if not front(page).recipe}
    companions = {"four-ways", "physics-informed-detached", "index"}
    assert without == {f"docs/recipes/{name}.md" for name in companions}


def test_each_notebook_is_led_to(report):
    """Each notebook of a recipe is shown in part on the page of its name, which leads there."""
    names = [name for name, v in report.verdicts.items() if is_notebook(v.snippet)]
    recipes = [name for name in names if name.startswith("recipes/")]
    assert len(recipes) == 22
    for name in recipes:
        page = report.pages[f"docs/{name.replace('_', '-').replace('.py', '.md')}"]
        assert name in page.names


def test_products_have_a_second_derivative_with_relu():
    """Of relu(W x) * x summed, in x: twice the slopes of its own units, and not zero."""
    x = torch.tensor(X, requires_grad=True)
    y = (torch.relu(torch.tensor(W) @ x) * x).sum()
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    (twice,) = torch.autograd.grad(g.sum(), x)
    on = np.diag((W @ X > 0).astype(float))
    assert twice.numpy() == pytest.approx(((on @ W) + (on @ W).T).sum(0))
