"""The component of implicit layers: both orders, dtypes, replicas, and what it raises."""

import numpy as np
import pytest
import torch

COMPONENT = "recipes/implicit_layer/attached.py"
FOLDER = "recipes/implicit_layer"


@pytest.fixture
def attached(report):
    """The component's function, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names["attached"]


def root(a):
    """The root of z^3 + z = a, in closed form; its first two derivatives in a."""
    s = np.sqrt(a**2 / 4 + 1 / 27)
    z = np.cbrt(a / 2 + s) + np.cbrt(a / 2 - s)
    first = 1 / (3 * z**2 + 1)
    return z, first, -6 * z * first**3


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_of_a_cubic_root(attached, dtype, order):
    """The first by one step, the second by two; by one, it is another number."""
    a = torch.tensor([[0.7], [-2.0]], dtype=dtype, requires_grad=True)
    truth = root(a.detach().numpy())
    found = attached(lambda z: (z**3 + z - a) * (1 + a**2), torch.from_numpy(truth[0]), order=order)
    assert found.dtype == dtype
    assert found.detach().numpy() == pytest.approx(truth[0], rel=1e-5)
    (first,) = torch.autograd.grad(found.sum(), a, create_graph=True)
    assert first.detach().numpy() == pytest.approx(truth[1], rel=1e-5)
    second = torch.autograd.grad(first.sum(), a, materialize_grads=True)[0].numpy()
    assert (second == pytest.approx(truth[2], rel=1e-4)) == (order == 2)


@pytest.mark.parametrize("detached", [False, True])
def test_a_root_that_is_off(detached):
    """The first derivative is off by as much, and the second is wrong, with any Jacobian."""
    a, off = torch.tensor(0.7, dtype=torch.float64, requires_grad=True), 1e-3
    z, first, second = root(0.7)

    def slopes(z):
        z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        residual = (z**3 + z - a) * (1 + a**2)
        (J,) = torch.autograd.grad(residual, z, create_graph=True)
        moved = z.detach() - residual / (J.detach() if detached else J)
        (slope,) = torch.autograd.grad(moved, a, create_graph=True)
        return slope.item(), torch.autograd.grad(slope, a)[0].item()

    assert slopes(z)[0] == pytest.approx(first, rel=1e-9)
    assert 0.3 * off < abs(slopes(z + off)[0] - first) < 3 * off
    assert slopes(z)[1] != pytest.approx(second, rel=0.1)


def test_an_unsymmetric_system(attached):
    """Of a linear residual the root is the solution, and its Jacobian the inverse."""
    A = torch.tensor([[2.0, 0.5], [-1.0, 1.5]]).double()
    b = torch.tensor([[1.0, 2.0], [0.3, -1.0]]).double().requires_grad_()
    z = torch.linalg.solve(A, b.detach().T).T
    found = attached(lambda z: z @ A.T - b, z)
    rows = [torch.autograd.grad(found[:, i].sum(), b, retain_graph=True)[0] for i in (0, 1)]
    assert torch.allclose(torch.stack(rows)[:, 0], torch.linalg.inv(A))


def test_weights_of_replicas_are_reached(attached):
    """As on the replicas of DataParallel, whose weights are copies with a graph."""
    w = torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
    copy = w * 1
    z = torch.zeros(3, 1).double()
    for _ in range(100):
        z = torch.tanh(w.detach() * z + 1)
    attached(lambda z: torch.tanh(copy * z + 1) - z, z).sum().backward()
    slope = 1 - z**2
    truth = (slope * z / (1 - slope * w.detach())).sum()
    assert w.grad.item() == pytest.approx(truth.item(), rel=1e-9)


def test_no_grad_and_other_devices(attached):
    """Without grad mode the root is only refined; what is asked is asked where z is."""
    with torch.no_grad():
        found = attached(lambda z: z**2 - 2, torch.tensor([[1.4142]]).double())
    assert not found.requires_grad and abs(found.item() - 2**0.5) < 1e-9


def test_what_is_refused(attached):
    """No root, not even a number, and other shapes."""
    z = torch.ones(2, 1)
    for start in (z, z * float("nan")):
        with pytest.raises(RuntimeError, match="z is no root"):
            attached(lambda z: z**3 + z - 5, start)
    root = torch.full((100_000, 1), 1000.0)
    root[7] = 0
    with pytest.raises(RuntimeError, match=r"move a row by 1\.5e"):
        attached(lambda z: z - torch.where(root == 0, 1.5, root), root)
    assert attached(lambda z: z - 1, torch.ones(0, 3)).shape == (0, 3)
    with pytest.raises(ValueError, match=r"order 0: .* at least 1"):
        attached(lambda z: z - 1, z, order=0)
    for other in (torch.ones(2), torch.ones(2, 1, 1)):
        with pytest.raises(ValueError, match=r"both \(n, d\)"):
            attached(lambda z: z, other)
    with pytest.raises(ValueError, match=r"both \(n, d\)"):
        attached(lambda z: z.sum(1), z)


def test_the_hook_of_the_page(values):
    """Transposed, it is the derivative of the root, by differences in NumPy."""
    W, x = np.array([[0.2, 0.6], [-0.1, 0.3]]), np.array([0.5, -0.4])

    def first(x):
        z = np.zeros(2)
        for _ in range(100):
            z = np.tanh(W @ z + x)
        return z[0]

    truth = [(first(x + h) - first(x - h)) / 2e-5 for h in 1e-5 * np.eye(2)]
    right = values(f"{FOLDER}/hook_transposed.py")["dz_dx"]
    assert right == pytest.approx(truth, abs=1e-4)
    assert values(f"{FOLDER}/hook_untransposed.py")["dz_dx"] != pytest.approx(truth, abs=0.1)


def test_the_solves_of_the_page(values):
    """The sparse solution is NumPy's; the raw solver raises only under create_graph."""
    A = np.array([[2, 0, 0.5], [-0.3, 1, 0], [0, 0, 1.5]])
    names = values(f"{FOLDER}/sparse_solve.py")
    dense = np.zeros((3, 3))
    dense[names["row"], names["column"]] = names["values"]
    assert dense.tolist() == A.tolist()
    assert "out=" in values(f"{FOLDER}/sparse_out.py")["error"]


def test_a_root_under_autocast():
    """It has two digits, although the iteration rests."""
    torch.manual_seed(0)
    W, U = torch.nn.init.orthogonal_(torch.empty(4, 4), gain=0.7), torch.randn(3, 4)

    def found(dtype, enabled):
        z = torch.zeros(3, 4, dtype=dtype)
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            for _ in range(200):
                z = torch.tanh(z @ W.to(dtype) + U.to(dtype))
        return z.double()

    exact = found(torch.float64, enabled=False)
    off = (found(torch.float32, enabled=True) - exact).norm(dim=1) / exact.norm(dim=1)
    assert 1e-3 < off.max() < 3e-2
    assert (found(torch.float32, enabled=False) - exact).abs().max() < 1e-5


def test_kepler(values):
    """Both ways have the closed forms of Kepler's equation at its root, which NumPy finds."""
    M, e = np.array([0.5, 2.0]), np.array([0.3, 0.8])
    E = M.copy()
    for _ in range(50):
        E = E - (E - e * np.sin(E) - M) / (1 - e * np.cos(E))
    s = 1 - e * np.cos(E)
    first, in_e, second = 1 / s, np.sin(E) / s, -e * np.sin(E) / s**3
    found = values(f"{FOLDER}/root_finder.py")
    assert found["slopes"] == pytest.approx([*first, *in_e], abs=1e-4)
    assert found["curvature"] == pytest.approx(second, abs=1e-4)
    found = values(f"{FOLDER}/in_func.py")
    assert np.ravel(found["slopes"]) == pytest.approx(np.ravel([first, in_e], "F"), rel=1e-9)
    assert found["curvature"] == pytest.approx(second, abs=1e-4)


def test_the_residual_of_a_minimum(attached):
    """The minimum of exp z - p z is log p, so its derivatives are 1 / p and -1 / p squared."""
    p = torch.tensor([0.7, 1.9], dtype=torch.float64, requires_grad=True)

    def L(z):
        return (z.exp() - p * z).sum()

    z = attached(torch.func.grad(L), p.detach().log()[None], order=2)
    (first,) = torch.autograd.grad(z.sum(), p, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), p)
    torch.testing.assert_close(first.detach(), 1 / p.detach())
    torch.testing.assert_close(second, -1 / p.detach() ** 2)

    def recorded(z):
        return torch.autograd.grad(L(z), z, create_graph=True)[0]

    with pytest.raises(RuntimeError, match="does not require grad"):
        attached(recorded, p.detach().log()[None])
