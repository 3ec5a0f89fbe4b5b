"""Oracle for the index of recipes: second derivatives of one layer, by hand and differences."""

from pathlib import Path

import numpy as np
import pytest

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


def test_which_recipes_have_no_notebook(report):
    """Three, which the page names; the others have one, or show another's."""
    without = set()
    for name, page in report.pages.items():
        if page.meta.get("recipe"):
            shown = [report.verdicts[snippet].snippet for snippet in page.names]
            if not any("\n# %%" in snippet.text for snippet in shown):
                without.add(Path(name).stem)
    assert without == {"guidance", "hessian-eigenvalues", "lissa"}
