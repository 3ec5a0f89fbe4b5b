"""Oracles for potentials of libraries: differences of energies, and closed forms in NumPy."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

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


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_frames(component, dtype):
    """Rotations, to the y axis, of edges of each length and along each axis, in any dtype."""
    frame = component(FOLDER + "axes.py", "frame")["frame"]
    torch.manual_seed(0)
    scales = 10.0 ** torch.randint(-10, 7, (500, 1)) if dtype != torch.float16 else 1
    axes = torch.cat([torch.eye(3), -torch.eye(3), torch.ones(1, 3)])
    edges = torch.cat([scales * torch.randn(500, 3), axes]).to(dtype)
    found, close = frame(edges), {"rtol": 0, "atol": 1e-5 if dtype != torch.float16 else 1e-2}
    assert found.dtype == dtype
    found, unit = found.double(), torch.nn.functional.normalize(edges.double(), dim=1)
    eye = torch.eye(3, dtype=torch.float64).expand(len(edges), 3, 3)
    torch.testing.assert_close(found @ found.mT, eye, **close)
    torch.testing.assert_close(torch.linalg.det(found), torch.ones(len(edges)).double(), **close)
    turned = (found @ unit[:, :, None])[:, :, 0]
    torch.testing.assert_close(turned, eye[:, 1], **close)
    assert frame(edges[:0]).shape == (0, 3, 3) and frame(edges.to("meta")).device.type == "meta"


def test_hessians(values):
    """Differences of forces agree with autograd's Hessian; the ensemble's own is symmetric."""
    assert values(FOLDER + "differences.py")["error"] < 1e-6
    assert values(FOLDER + "own_gradient.py")["symmetric"]


@pytest.fixture
def hessian_of_forces(component):
    """The component."""
    names = component(FOLDER + "hessian.py", "hessian", Tensor=torch.Tensor, Callable=Callable)
    return names["hessian_of_forces"]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_hessian_of_a_polynomial(hessian_of_forces, dtype):
    """Of x' A x / 2 + sum x^3 / 6, it is A + diag(x), for forces with a graph as well."""
    torch.manual_seed(0)
    A = torch.randn(6, 6, dtype=dtype)
    A, R = A + A.T, torch.randn(2, 3, dtype=dtype, requires_grad=True)

    def forces(R):
        return -(A @ R.flatten() + R.flatten() ** 2 / 2).reshape(R.shape)

    found = hessian_of_forces(forces, R, 3e-3)
    assert found.dtype == dtype and not found.requires_grad
    close = {"rtol": 1e-3 if dtype == torch.float32 else 1e-9, "atol": 1e-3}
    torch.testing.assert_close(found, A + torch.diag(R.detach().flatten()), **close)
    with pytest.raises(ValueError, match=r"forces are \(6,\), R is \(2, 3\)"):
        hessian_of_forces(lambda R: forces(R).flatten(), R, 3e-3)
    turning = torch.tensor([[0, 1, 0], [-1, 0, 0], [0, 0, 0]], dtype=dtype)
    with pytest.raises(ValueError, match="not symmetric"):
        hessian_of_forces(lambda R: R @ turning, R, 3e-3)


def test_mean_with_the_transpose(hessian_of_forces):
    """Off the diagonal, it divides independent rounding by the root of two."""
    torch.manual_seed(0)
    noise = 1e-6 * torch.randn(2, 30, 10, 3, dtype=torch.float64)
    calls, R = iter(noise.flatten(0, 1)), torch.zeros(10, 3, dtype=torch.float64)
    found = hessian_of_forces(lambda R: next(calls) - R, R, 1e-3)
    one = (noise.flatten(0, 1)[1::2] - noise.flatten(0, 1)[::2]).std() / 2e-3
    off = found[~torch.eye(30, dtype=bool)].std()
    assert (off / one).item() == pytest.approx(0.5**0.5, rel=0.1)


def test_experiments(values, report):
    """The Hessian's error falls with the step squared; the slope of a loss on forces is right."""
    found = values("recipes/library_potentials.py")
    steps, double = found["steps"], found["double"]
    assert double[1] / double[4] == pytest.approx((steps[1] / steps[4]) ** 2, rel=0.1)
    assert found["single"].index(min(found["single"])) == 3 and min(found["single"]) < 1e-4
    assert found["off_whole"] < 1e-6 < 0.5 < found["off_cut"]
    assert found["slope"] == pytest.approx(found["difference"], rel=1e-6)
    names = {}
    exec(report.verdicts[FOLDER + "dispersion_cut.py"].snippet.text, names)
    r = torch.tensor([1.5], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(names["Dispersion"].apply, r)
    with pytest.raises(RuntimeError, match="mismatch"):
        torch.autograd.gradgradcheck(names["Dispersion"].apply, r)


def test_products(values):
    """Second derivatives of x y z."""
    found = values(FOLDER + "products.py")
    assert found["H"] == [[0, 5, 3], [5, 0, 2], [3, 2, 0]]
    assert found["sums"] == pytest.approx([8, 7, 5])


def test_two_zeros():
    """The second derivative of a scattered product raises; that of prod is right."""
    x = torch.tensor([0.0, 0, 5], requires_grad=True)
    scattered = torch.ones(1).scatter_reduce(0, torch.zeros(3).long(), x, "prod")
    (g,) = torch.autograd.grad(scattered.sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="Double backward is unsupported"):
        torch.autograd.grad(g.sum(), x)
    (g,) = torch.autograd.grad(x.prod(), x, create_graph=True)
    H = [torch.autograd.grad(one, x, retain_graph=True)[0].tolist() for one in g]
    assert H == [[0, 5, 0], [5, 0, 0], [0, 0, 0]]


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


def test_a_loop_of_length_zero(values):
    """Without it, the slope of the squared forces is that of a difference; with it, no number."""

    def energy(edge):
        x, y, z = edge / np.linalg.norm(edge)
        return np.dot([0.3, 0.5, 0.2], [y, x * z, 3 * y**2 - 1])

    def loss(edge):
        h = 1e-4
        both = [energy(edge + m) + energy(-edge - m) for m in (*h * np.eye(3), *-h * np.eye(3))]
        force = (np.array(both[:3]) - both[3:]) / (2 * h)
        return 2 * (force**2).sum()

    edge, h = np.array([0.4, 0.8, -0.5]), 1e-3
    truth = [(loss(edge + m) - loss(edge - m)) / (2 * h) for m in h * np.eye(3)]
    right, wrong = (values(FOLDER + f"zero_edge{end}.py") for end in ("_right", ""))
    assert np.array(right["slope"][1]) == pytest.approx(truth, rel=1e-3, abs=1e-3)
    assert not wrong["finite"]
    assert np.array(wrong["F"]) == pytest.approx(np.array(right["F"]), abs=1e-5)
