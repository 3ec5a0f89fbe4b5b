"""Oracles for docs/pitfalls/norm-at-zero.md: closed forms and differences in NumPy."""

import math

import numpy
import pytest

FOLDER = "pitfalls/norm_at_zero/"


def length(w):
    return math.sqrt(sum((2 * w) ** 2))


def smoothed(w, eps):
    return math.sqrt(sum((2 * w) ** 2) + eps)


def test_zero_is_the_minimum(values):
    """The length of 2 w is smallest at zero, so no direction may be preferred there."""
    assert all(length(0.1 * e) > length(numpy.zeros(2)) for e in (*numpy.eye(2), *-numpy.eye(2)))
    for name in ("under.py", "half_right.py"):
        assert values(FOLDER + name)["dP_dw"] == [0, 0]
    dead = values(FOLDER + "dead_right.py")
    assert dead["dP_dc"] == [0, 0] and dead["P"] == pytest.approx((0 - 1) ** 2, rel=1e-5)
    for name in ("outside.py", "half.py"):
        assert all(math.isnan(float(value)) for value in values(FOLDER + name)["dP_dw"])


def test_after_the_root(values):
    """After the root everything is nan; under the root everything is zero."""
    result = values(FOLDER + "after_the_root.py")
    for name in ("after", "clamped", "replaced", "no_nan"):
        assert all(math.isnan(float(value)) for value in result[name]), name
    assert result["under"] == result["clamped_under"] == [0, 0]


def test_invented_direction(values):
    """2 eps / |eps| is twice a unit vector along the diagonal, whatever the size of eps."""
    diagonal = [2 / math.sqrt(2)] * 2
    assert values(FOLDER + "shifted.py")["dP_dw"] == pytest.approx(diagonal, rel=1e-5)
    pushed = [-2 / math.sqrt(2)] * 2
    assert values(FOLDER + "dead.py")["dP_dc"] == pytest.approx(pushed, rel=1e-5)


def test_size(values):
    """Value, slope and second derivative of the smoothed length, by differences."""
    result, e = values(FOLDER + "size.py"), numpy.array([1.0, 0.0])
    for name, eps in (("small", 1e-12), ("large", 1e-4)):
        at = [smoothed(x * e, eps) for x in (-1e-9, 0, 1e-9)]
        assert result[f"at_zero_{name}"] == pytest.approx(math.sqrt(eps))
        assert result[f"bend_{name}"] == pytest.approx(4 / math.sqrt(eps), rel=1e-9)
        slope = (smoothed((1e-3 + 1e-8) * e, eps) - smoothed((1e-3 - 1e-8) * e, eps)) / 2e-8
        assert result[f"slope_{name}"] == pytest.approx(slope, rel=1e-5)
        assert min(at) == at[1]


def test_beside_zero(values):
    """A shift of the gradient moves the kink to -eps / 2; under the root it stays at zero."""
    found, w = values(FOLDER + "beside.py"), numpy.linspace(-4, 4, 81)  # in units of eps
    assert found["steps"] == pytest.approx(w, abs=1e-12)
    for name, shift in (("plus", 1), ("minus", -1)):
        g = 2 * w + shift
        assert found[name] == pytest.approx(2 * g / numpy.hypot(g, shift), rel=1e-9)
    assert found["under"] == pytest.approx(4 * w / numpy.hypot(2 * w, 1), rel=1e-9, abs=1e-12)
    slopes = [found[name][40] for name in ("plus", "minus", "under")]
    assert found["at_zero"] == slopes == pytest.approx([math.sqrt(2), -math.sqrt(2), 0])


def test_epsilon_in_half_precision(values):
    """In float16 the epsilons that people add are zero, and a millionth is not."""
    assert numpy.float16(1e-12) == numpy.float16(1e-8) == 0 < numpy.float16(1e-6)
    assert values(FOLDER + "half.py")["P"] == 0
    assert values(FOLDER + "half_right.py")["P"] == pytest.approx(1e-4)


def test_other_lengths(values):
    """At zero, each slope is that of its own formula with its own epsilon, or nan."""
    found = values(FOLDER + "others.py")
    assert found["normalized"] == pytest.approx([2 / 1e-12, 0])
    assert found["cosine"] == pytest.approx([2 / math.sqrt(2) / 1e-8] * 2, rel=1e-2)
    assert found["pairwise"] == pytest.approx([2 / math.sqrt(2)] * 2, rel=1e-2)
    assert all(math.isnan(float(slope)) for slope in found["weighted"])


def test_a_critic_that_starts_at_zero(values):
    """A slope of zero gives the penalty 1; one spelling leaves weights, the other nan."""
    for name, finite in (("critic.py", False), ("critic_right.py", True)):
        found = values(FOLDER + name)
        assert found["penalty"] == 1
        assert found["loss"] == 10 * found["penalty"]
        assert found["finite"] is finite


def test_epsilon_of_normalize_in_half_precision(values):
    """The default of 1e-12 is zero in float16 only."""
    assert numpy.float16(1e-12) == 0 < numpy.float32(1e-12)
    found = values(FOLDER + "half_normalize.py")  # the last type is float16
    assert math.isnan(float(found["normalized"][0])) and math.isnan(float(found["cosine"]))
