"""Oracles for docs/pitfalls/sharded.md: gradient descent in closed form, never autograd."""

import pytest

FOLDER = "pitfalls/sharded/"


def penalty(w, x):
    """The square of y_x = 3 x^2 (w^3 + w^3) for two equal weights."""
    return (6 * w**3 * x**2) ** 2


def third_penalty():
    """Two steps on the mean of both ranks' gradients; by one weight it is 108 w^5 x^4."""
    w = 1.0
    for _ in range(2):
        w -= 1e-4 * sum(108 * w**5 * x**4 for x in (1, 2)) / 2
    return [penalty(w, x) for x in (1, 2)]


@pytest.mark.parametrize("name", ["right.py", "resharded.py"])
def test_training(values, name):
    """The penalties of the third step are those of a run in one process."""
    result = values(FOLDER + name)
    assert [result["penalty"], result["other"]] == pytest.approx(third_penalty(), rel=1e-5)


def test_stale_weights(values):
    """The forward pass never leaves the first weights."""
    result = values(FOLDER + "kept.py")
    assert [result["penalty"], result["other"]] == [penalty(1, 1), penalty(1, 2)]
    assert result["penalty"] != pytest.approx(third_penalty()[0], rel=0.1)


def test_closed_form_gradient():
    """The derivative by one of the two weights agrees with a finite difference."""
    h, x = 1e-5, 2

    def by_first(w):
        return (3 * x**2 * (w**3 + 1)) ** 2

    assert (by_first(1 + h) - by_first(1 - h)) / (2 * h) == pytest.approx(108 * x**4, rel=1e-8)
