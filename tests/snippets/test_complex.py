"""Oracles for docs/pitfalls/complex.md: SymPy with two real variables, never autograd."""

import pytest
import sympy
import torch

FOLDER = "pitfalls/complex/"
X, Y = sympy.symbols("x y", real=True)
POINT = {X: 1, Y: 2}
L = (X**2 + Y**2) ** 2


def gradient(P):
    """The two partial derivatives at the point."""
    return [float(P.diff(X).subs(POINT)), float(P.diff(Y).subs(POINT))]


def test_convention(values):
    """The gradient with respect to z is L_x + i L_y."""
    result = values(FOLDER + "convention.py")
    assert [result["L_x"], result["L_y"]] == pytest.approx(gradient(L))
    assert result["g"] == pytest.approx(gradient(L))


def test_penalty(values):
    """The gradient of L_x^2 + L_y^2, and that of the real part of the square instead."""
    length = L.diff(X) ** 2 + L.diff(Y) ** 2
    right = values(FOLDER + "right.py")
    assert right["penalty"] == pytest.approx(float(length.subs(POINT)))
    assert right["dP"] == pytest.approx(gradient(length))
    real = L.diff(X) ** 2 - L.diff(Y) ** 2
    wrong = values(FOLDER + "real.py")
    assert wrong["penalty"] == pytest.approx(float(real.subs(POINT)))
    assert wrong["dP"] == pytest.approx(gradient(real))
    assert wrong["dP"] != pytest.approx(gradient(length), rel=0.1)
    assert values(FOLDER + "cast.py")["penalty"] == pytest.approx(wrong["penalty"])


def test_second_derivatives(values):
    """The diagonal of the Hessian; ones give the mixed derivative instead of L_yy."""
    L_xx, L_xy, L_yy = (
        float(second.subs(POINT)) for second in (L.diff(X, 2), L.diff(X, Y), L.diff(Y, 2))
    )
    right = values(FOLDER + "laplacian.py")
    assert [right["L_xx"], right["L_yy"]] == pytest.approx([L_xx, L_yy])
    wrong = values(FOLDER + "ones.py")
    assert [wrong["L_xx"], wrong["L_yy"]] == pytest.approx([L_xx, L_xy])
    assert wrong["L_yy"] != pytest.approx(L_yy, rel=0.1)


def test_holomorphic(values):
    """The derivatives of z^3 at 1 + 2i are 3 z^2 and 6 z; without conjugation the sign is wrong."""
    z = 1 + 2j
    first, second = 3 * z**2, 6 * z
    right = values(FOLDER + "holomorphic.py")
    assert right["f1"] == pytest.approx([first.real, first.imag])
    assert right["f2"] == pytest.approx([second.real, second.imag])
    wrong = values(FOLDER + "holomorphic_wrong.py")["f1"]
    assert wrong == pytest.approx([first.real, -first.imag])
    assert wrong != pytest.approx([first.real, first.imag])


def test_zero(values):
    """The square of |2z|^2 has the second derivative 8 at zero, and abs loses it."""
    length = sum((X**2 + Y**2).diff(s) ** 2 for s in (X, Y))
    right, wrong = values(FOLDER + "zero_right.py"), values(FOLDER + "zero.py")
    assert right["second"] == float(length.diff(X, 2)) != wrong["second"]


def test_conjugate(values):
    """The penalty of a conjugate view is that of the tensor; the complex layer learns."""
    length = L.diff(X) ** 2 + L.diff(Y) ** 2
    found = values(FOLDER + "conjugate_right.py")
    assert found["penalty"] == pytest.approx(float(length.subs(POINT)))
    assert found["dP"] == pytest.approx(gradient(length))
    losses = values(FOLDER + "step_right.py")["losses"]
    assert losses[-1] < losses[0]


def test_torch_func():
    """The gradient of |z|^4 is 4 |z|^2 z, along v 8 Re(conj(z) v) z + 4 |z|^2 v; no Hessian."""
    z, v = torch.tensor(1 + 2j), torch.tensor(0.5 - 1j)
    grad = torch.func.grad(lambda z: (z.real**2 + z.imag**2) ** 2)
    found = torch.func.jvp(grad, (z,), (v,))
    at, along = 1 + 2j, 0.5 - 1j
    true = 8 * (at.conjugate() * along).real * at + 4 * abs(at) ** 2 * along
    assert found[0].item() == pytest.approx(4 * abs(at) ** 2 * at)
    assert found[1].item() == pytest.approx(true)
    for refused in (torch.func.hessian, torch.func.jacrev):
        with pytest.raises(RuntimeError, match="Expected all inputs to be real"):
            refused(grad)(z)
