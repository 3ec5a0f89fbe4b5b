"""Oracles for potentials of libraries: differences of energies, and closed forms in NumPy."""

import numpy as np
import pytest

FOLDER = "recipes/library_potentials/"


def reciprocal(cell, x):
    """The reciprocal part of an Ewald sum for charges 1 and -1, in NumPy."""
    n = np.stack(np.meshgrid(*3 * [np.arange(-4, 5)]), -1).reshape(-1, 3)
    k = 2 * np.pi * n[np.abs(n).sum(1) > 0] @ np.linalg.inv(cell).T
    squared = (k**2).sum(1)
    wave = np.exp(1j * k @ x.T) @ np.array([1, -1])
    total = (np.exp(-squared / 4) / squared * np.abs(wave) ** 2).sum()
    return 2 * np.pi / np.linalg.det(cell) * total


def test_ewald(values):
    """The stress is the slope of the energy under a strain, over the volume."""
    cell, x = 3 * np.eye(3), np.array([[0, 0, 0], [0.9, 0.4, 0.2]])
    ends = []
    for step in (1e-5, -1e-5):
        grown = np.diag([1 + step, 1, 1])
        ends.append(reciprocal(cell @ grown, x @ grown))
    stress = (ends[0] - ends[1]) / 2e-5 / 27
    assert values(FOLDER + "ewald.py")["stress"] == pytest.approx(stress, abs=1e-4)
    for name in ("ewald.py", "ewald_cut.py"):
        assert values(FOLDER + name)["E"] == pytest.approx(reciprocal(cell, x), rel=1e-4)


def test_dispersion(values):
    """The second derivative of (r - 1)^2 - r^-6, by hand; the wrong one lacks a term."""
    right, wrong = (values(FOLDER + f"dispersion{end}.py") for end in ("", "_cut"))
    assert right["H_rr"] == pytest.approx(2 - 42 * 1.5**-8, abs=1e-3)
    assert right["E_r"] == wrong["E_r"] == pytest.approx(1 + 6 * 1.5**-7)
    assert wrong["H_rr"] == 2


def test_rotations(values):
    """The slope of the squared forces, where they are known: n = edge / |edge|, u = (1, 2, 3)."""
    w, u = np.array([0.3, 0.5, 0.2]), np.array([1.0, 2, 3])
    E, slope = 0, np.zeros(3)
    for edge in np.array([[0, 1.2, 0], [0.4, 0.8, -0.5]]):
        length = np.linalg.norm(edge)
        a = edge @ u / length
        across = u @ u - a**2
        outer = w[0] - 2 * a * w[1]
        E += w @ [a, across, length]
        slope += [2 * outer * across / length**2, -4 * a * outer * across / length**2, 2 * w[2]]
    right, wrong = (values(FOLDER + f"{name}.py") for name in ("axes", "angles"))
    assert right["E"] == pytest.approx(E, rel=1e-5) == wrong["E"]
    assert right["dloss_dw"] == pytest.approx(slope, rel=1e-4)
    assert not wrong["finite"]


def test_hessians(values):
    """Differences of forces agree with autograd's Hessian; the ensemble's own is symmetric."""
    assert values(FOLDER + "differences.py")["error"] < 1e-6
    assert values(FOLDER + "own_gradient.py")["symmetric"]


def test_products(values):
    """Second derivatives of x y z."""
    found = values(FOLDER + "products.py")
    assert found["H"] == [[0, 5, 3], [5, 0, 2], [3, 2, 0]]
    assert found["sums"] == pytest.approx([8, 7, 5])


def test_prepared(values):
    """Forces of the sum of squared distances: -2 times the sum of differences."""
    R = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0]])
    assert values(FOLDER + "prepared.py")["forces"] == (pytest.approx(-2 * (3 * R - R.sum(0))))


def test_curvature_across_a_bond(values):
    """Across a bond, the second derivative of a pair energy is its slope over its length."""
    folder = "recipes/library_potentials/"
    right = values(folder + "kernel_vectors.py")["curvature"]
    assert right == pytest.approx(8 * (0.5 - 0.25) / 0.5)
    assert values(folder + "kernel_distances.py")["curvature"] == 0
