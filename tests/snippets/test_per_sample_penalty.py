"""Oracles for docs/pitfalls/per-sample-penalty.md: SymPy, never autograd."""

import pytest
import sympy

FOLDER = "pitfalls/per_sample_penalty/"
W = sympy.symbols("w1 w2", positive=True)
POINT = {W[0]: 3, W[1]: 4}
SAMPLES = [(1, 0), (0, sympy.Rational(1, 2))]


def gradients(samples=SAMPLES):
    """SymPy's input gradient of D(x) = w1 x1^2 + w2 x2^2 for each sample."""
    z = sympy.symbols("z1 z2")
    D = W[0] * z[0] ** 2 + W[1] * z[1] ** 2
    return [
        [sympy.diff(D, axis).subs(dict(zip(z, row, strict=True))) for axis in z] for row in samples
    ]


def length(row):
    """The Euclidean length."""
    return sympy.sqrt(sum(entry**2 for entry in row))


def both(P):
    """The penalty and its gradient at the point, in numbers."""
    return float(P.subs(POINT)), [float(P.diff(w).subs(POINT)) for w in W]


G = gradients()
PENALTIES = {
    "right": sum((length(row) - 1) ** 2 for row in G) / 2,
    "mean": sum((length(row) / 2 - 1) ** 2 for row in G) / 2,
    "whole_batch": (length([entry for row in G for entry in row]) - 1) ** 2,
    "of_the_mean": (sum(length(row) for row in G) / 2 - 1) ** 2,
}


@pytest.mark.parametrize("name", PENALTIES)
def test_each_formula(values, name):
    """Each snippet computes its own formula, and only one of them is the penalty."""
    found = values(FOLDER + name + ".py")
    P, dP_dw = both(PENALTIES[name])
    assert found["P"] == pytest.approx(P, rel=1e-6)
    assert found["dP_dw"] == pytest.approx(dP_dw, rel=1e-6)
    true = both(PENALTIES["right"])
    assert (name == "right") == (found["P"] == true[0])
    assert (name == "right") == (found["dP_dw"] == true[1])


@pytest.mark.parametrize("name", ["func", "loop"])
def test_other_right_ways(values, name):
    """The loop and torch.func give the penalty and its gradient."""
    found = values(FOLDER + name + ".py")
    assert (found["P"], found["dP_dw"]) == both(PENALTIES["right"])


def test_sum_and_ones(values):
    """The sum and the ones give the gradient of each sample."""
    found = values(FOLDER + "ones.py")
    true = [[float(entry.subs(POINT)) for entry in row] for row in G]
    assert found["by_sum"] == found["by_ones"] == true
    assert found["alone"] == true[1]


def test_images(values):
    """All four weights 1, all pixels 1: the length is 4 and P is 9, with the gradient 6."""
    w = sympy.symbols("a:d")
    P = (length([2 * weight for weight in w]) - 1) ** 2
    ones = dict.fromkeys(w, 1)
    right, wrong = values(FOLDER + "flattened.py"), values(FOLDER + "images.py")
    assert right["P"] == float(P.subs(ones)) == 9
    assert right["dP_dw"] == [float(P.diff(weight).subs(ones)) for weight in w]
    assert wrong["P"] == 1


def test_sizes(values):
    """For n samples the mean divides both lengths by n, and one norm takes all n of them."""
    found = values(FOLDER + "sizes.py")
    long, short = (float(length(row).subs(POINT)) for row in G)
    sizes = found["sizes"]
    assert sizes[0] == 2 and sizes[-1] == 64
    assert found["right"] == [both(PENALTIES["right"])[0]] * len(sizes)
    means = [sum((s / n - 1) ** 2 for s in (long, short)) / 2 for n in sizes]
    assert found["mean"] == pytest.approx(means, abs=1e-4)
    whole = [(((long**2 + short**2) * n / 2) ** 0.5 - 1) ** 2 for n in sizes]
    assert found["whole"] == pytest.approx(whole, rel=1e-5)
    assert (found["lowest"], found["last"]) == (found["mean"][2], found["mean"][-1])
    assert found["highest"] == found["whole"][-1]
    assert sizes == sorted(sizes) and sizes[2] == 6


def test_critic(values):
    """Summed and flattened, the penalty is that of the loop; the other one is not."""
    assert values(FOLDER + "critic_right.py")["as_the_loop"] is True
    assert values(FOLDER + "critic.py")["as_the_loop"] is False


def test_mapped_gradient_only(values):
    """One norm over what vmap returns is one norm over the whole batch."""
    found, (P, dP_dw) = values(FOLDER + "func_wrong.py"), both(PENALTIES["whole_batch"])
    assert found["P"] == pytest.approx(P, rel=1e-6)
    assert found["dP_dw"] == pytest.approx(dP_dw, rel=1e-6)


def test_shapes_of_epsilon(values):
    """A point is on its line if all its entries share one number."""
    on = values(FOLDER + "epsilon.py")["on"]
    shapes = [3, 1, 1, 1], [1], [3], [3, 1], [3, 1, 1], [3, 3, 3, 3]
    for shape, answer in zip(shapes, on, strict=True):
        assert answer is ([1, 1, 1, *shape][-3:] == [1, 1, 1]), shape


def test_patches(values):
    """A sum is the mean times the number of terms, and so is its slope: 8 times 8 patches."""
    found = values(FOLDER + "patches.py")
    assert found["ratio"] == pytest.approx(8 * 8, rel=1e-5)
