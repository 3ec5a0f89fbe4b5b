"""Oracles for docs/pitfalls/eigenvectors.md: perturbation theory and differences in mpmath."""

import math

import mpmath
import numpy as np
import pytest
import torch

FOLDER = "pitfalls/eigenvectors/"
A = np.diag([1.0, 1.0, 3.0])
B = np.array([[0, 1, 0.5], [1, 0, 1], [0.5, 1, 0.3]])


def function(report):
    """Return the function of the page; its snippet changes PyTorch's default type."""
    names = {}
    try:
        exec(report.verdicts[FOLDER + "right.py"].snippet.text, names)
    finally:
        torch.set_default_dtype(torch.float32)
    return names["eigenpair"]


def test_eigenpair(values):
    """Second-order perturbation theory of the largest eigenvalue, and of its vector."""
    found = values(FOLDER + "right.py")
    assert found["first"] == pytest.approx(B[2, 2])
    true = sum(2 * B[k, 2] ** 2 / (A[2, 2] - A[k, k]) for k in range(2))
    assert found["second"] == pytest.approx(true)
    assert found["bend"] == pytest.approx(2 * (B[0, 2] / (A[2, 2] - A[0, 0])) ** 2)
    assert math.isnan(float(values(FOLDER + "wrong.py")["second"]))


def test_eigenpair_of_a_batch(report):
    """Each matrix of a batch, twice differentiated, in both orders of magnitude that matter."""
    eigenpair = function(report)
    torch.manual_seed(0)
    x = torch.randn(2, 4, 4, dtype=torch.float64, requires_grad=True)

    def both(x):
        value, v = eigenpair(x + x.mT, 1)
        return value, v * v[..., :1]

    assert torch.autograd.gradcheck(both, x)
    assert torch.autograd.gradgradcheck(both, x)


def test_near(values):
    """The second difference of the sum of the exponential, in forty digits."""
    with mpmath.workdps(40):
        Q = mpmath.eye(3) - mpmath.ones(3) * 2 / 3
        a = Q * mpmath.diag([1, 1 + mpmath.mpf(10) ** -10, 3]) * Q
        b = mpmath.matrix([[0, 1, 0.5], [1, 0, 0.2], [0.5, 0.2, 0.3]])
        h = mpmath.mpf(10) ** -8
        y = [sum(mpmath.expm(a + t * h * b)) for t in (-1, 0, 1)]
        first, second = float((y[2] - y[0]) / (2 * h)), float((y[0] - 2 * y[1] + y[2]) / h**2)
    right, wrong = values(FOLDER + "near_right.py"), values(FOLDER + "near.py")
    assert right["second"] == pytest.approx(second, rel=1e-6)
    assert right["first"] == pytest.approx(first, rel=1e-6)
    assert wrong["first"] == pytest.approx(first, rel=1e-4)
    assert abs(wrong["second"] - second) > 1


def test_largest_singular_value(report):
    """The root of the largest eigenvalue of A^T A, with all small ones equal."""
    eigenpair = function(report)
    x = torch.diag(torch.tensor([3.0, 1, 1], dtype=torch.float64)).requires_grad_()

    def largest(x):
        return eigenpair(x.mT @ x, -1)[0].sqrt()

    assert largest(x).item() == pytest.approx(3)
    assert torch.autograd.gradgradcheck(largest, x)


def test_projector():
    """The iteration gives the projector of two equal eigenvalues, and its second derivative."""
    eye = torch.eye(3, dtype=torch.float64)
    a = torch.diag(torch.tensor([3.0, 3, 1], dtype=torch.float64)).requires_grad_()

    def projector(a):
        A = (a + a.mT) / 2
        X = (A - 2 * eye) / torch.linalg.matrix_norm(A - 2 * eye)
        for _ in range(30):
            X = X @ (3 * eye - X @ X) / 2
        return (eye + X) / 2

    assert torch.allclose(projector(a), torch.diag(torch.tensor([1.0, 1, 0], dtype=torch.float64)))
    assert torch.autograd.gradcheck(projector, a) and torch.autograd.gradgradcheck(projector, a)
