"""Oracles for sparse gradients and sparse matrices."""

import json
import re

import numpy as np
import pytest
import torch


def slopes(function, at, step=1e-6):
    """Central differences of a function of an array, by each entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(*at.shape):
        move = np.zeros_like(at)
        move[index] = step
        found[index] = (function(at + move) - function(at - move)) / (2 * step)
    return found


def test_rows_that_were_looked_up_twice(values):
    """Row 0 counts twice, so the loss is 2 w^3 there, P is (6 w^2)^2 and its slope 144 w^3."""
    found = values("pitfalls/sparse/values.py")
    weight = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    times = np.array([[2.0], [0.0], [1.0]])
    true = slopes(lambda w: ((times * 3 * w**2) ** 2).sum(), weight)
    assert found["dP_dw"] == (36 * times**2 * weight**3).tolist()
    assert np.array(found["dP_dw"]) == pytest.approx(true, rel=1e-6)
    assert found["entries"] == (times * 3 * weight**2)[[0, 2]].tolist()


def test_entries_of_a_product(values):
    """The penalty over all entries has another slope than that over those that exist."""
    A, b = np.array([[1.0, 0.0], [2.0, 3.0]]), np.array([1.0, 2.0])

    def slope(counted):
        square = (counted * b**2).sum(axis=1)
        penalty = slopes(lambda A: (9 * (A @ b) ** 4 * square).sum(), A, 1e-4)
        exact = 36 * ((A @ b) ** 3 * square)[:, None] * b
        assert penalty == pytest.approx(exact, rel=1e-6)
        return exact * counted

    found = values("pitfalls/sparse/product.py")["dP_dA"]
    assert found == slope(np.ones_like(A)).tolist()
    assert found != slope(A != 0).tolist()
    assert slope(A != 0).tolist() == [[36, 0], [92160, 184320]]


def test_softmax_of_the_entries(values):
    """The row with one entry is constant; the other has the slope of the closed form."""
    a = np.array([2.0, 3.0])

    def gradient(a):
        s = np.exp(a) / np.exp(a).sum()
        return 2 * s * (s - (s**2).sum())

    found = np.array(values("pitfalls/sparse/softmax_dense.py")["dP_dA"])
    true = slopes(lambda a: (gradient(a) ** 2).sum(), a)
    assert found[0] == pytest.approx([0, 0], abs=1e-15)
    assert found[1] == pytest.approx(true, rel=1e-8)
    values_alone = slopes(lambda a: ((np.exp(a) / np.exp(a).sum()) ** 2).sum(), a)
    assert gradient(a) == pytest.approx(values_alone, rel=1e-8)
    assert "not implemented" in values("pitfalls/sparse/softmax.py")["error"]


def test_which_functions_work(report):
    """Of a row that was looked up twice, three ways to write a length, and two to write a sum."""
    text = report.verdicts["pitfalls/sparse/which.py"].snippet.text
    found = dict(re.findall(r"^#> (grad.*): (.*)$", text, re.M))
    w = np.array([1.0, 2.0])

    def slope(penalty):
        return pytest.approx(slopes(lambda w: penalty(6 * w**2), w), rel=1e-3, abs=1e-3)

    def stated(name):
        return json.loads(found[name])

    assert stated("grad.pow(2).sum()") == slope(lambda g: (g**2).sum())
    assert stated("grad.abs().sum()") == slope(lambda g: np.abs(g).sum())
    assert stated("grad.to_dense().norm()") == slope(np.linalg.norm)
    assert stated("grad.coalesce().values().norm()") == slope(np.linalg.norm)
    assert found["grad.norm()"] == "raises"


def test_sparse_step(values):
    """The loss with the penalty is learned, and the table's gradient stays sparse."""
    found = values("pitfalls/sparse/step_right.py")
    assert found["losses"][-1] < found["losses"][0]
    assert "SparseCPU" in values("pitfalls/sparse/step.py")["error"]


@pytest.mark.parametrize("sparse", [True, False])
def test_bags_have_no_second_derivative(sparse):
    """EmbeddingBag raises in the second backward pass, whatever its gradient's layout."""
    bag = torch.nn.EmbeddingBag(5, 3, sparse=sparse)
    loss = bag(torch.tensor([[0, 1]])).pow(3).sum()
    grad = torch.autograd.grad(loss, bag.weight, create_graph=True)[0]
    with pytest.raises(NotImplementedError, match="_embedding_bag_backward"):
        grad.to_dense().pow(2).sum().backward()


def test_a_matrix_built_from_its_values(values):
    """The penalty on the slope counts with index_add, and not behind the constructor."""
    row, column, b = [0, 1, 1], [0, 0, 1], np.array([1.0, 2.0])

    def slope(v):
        y = np.zeros(2)
        np.add.at(y, row, v * b[column])
        return 3 * y[row] ** 2 * b[column]

    v = np.array([1.0, 2.0, 3.0])
    penalty = slopes(lambda v: (slope(v) ** 2).sum(), v, 1e-4)
    found = values("pitfalls/sparse/built_right.py")
    assert found["slope"] == values("pitfalls/sparse/built.py")["slope"] == slope(v).tolist()
    assert found["dT_dv"] == pytest.approx(slope(v) + penalty, rel=1e-6)
    assert values("pitfalls/sparse/built.py")["dT_dv"] == slope(v).tolist()


def test_values_through_a_dense_matrix(values):
    """Entries that are taken out of a sparse tensor have the derivatives of a cube."""
    found = values("pitfalls/sparse/dense_first.py")
    v = np.array([1.0, 2.0, 3.0])
    assert found["slope"] == (3 * v**2).tolist()
    assert found["dP_dv"] == (36 * v**3).tolist()


def test_transforms_of_a_matrix_built_from_its_values():
    """The second derivative is lost in reverse mode, and raises in forward mode and in CSR."""
    index, b = torch.tensor([[0, 1, 1], [0, 0, 1]]), torch.tensor([1.0, 2.0])

    def loss(v):
        return (torch.sparse_coo_tensor(index, v, (2, 2)) @ b).pow(3).sum()

    def in_rows(v):
        rows, columns = torch.tensor([0, 1, 3]), torch.tensor([0, 0, 1])
        return (torch.sparse_csr_tensor(rows, columns, v, (2, 2)) @ b).pow(3).sum()

    def penalty(v):
        return torch.func.grad(loss)(v).square().sum()

    v = torch.tensor([1.0, 2.0, 3.0])
    assert torch.func.grad(penalty)(v).tolist() == [0, 0, 0]
    assert not torch.autograd.functional.hessian(loss, v).any()
    with pytest.raises(NotImplementedError, match="forward AD"):
        torch.func.hessian(loss)(v)
    with pytest.raises(RuntimeError, match="SparseCsr"):
        torch.autograd.functional.hessian(in_rows, v)


def test_entries_that_are_zero_are_gone():
    """A dense matrix forgets which of its zeros were entries, and the order of the entries."""
    index, v = (torch.tensor([1, 0, 1]), torch.tensor([1, 0, 0])), torch.tensor([3.0, 0.0, 2.0])
    dense = torch.zeros(2, 2).index_put(index, v)
    assert dense.to_sparse().coalesce().values().tolist() == [2, 3]


def test_a_network_in_front_of_a_matrix():
    """A force keeps the terms of the network in front, and lacks those of the matrix."""
    index = torch.tensor([[0, 1, 1], [0, 0, 1]])
    d = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
    w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor([[1.0], [2.0]], dtype=torch.float64, requires_grad=True)

    def product(v):
        return torch.sparse.mm(torch.sparse_coo_tensor(index, v, (2, 2)), b)

    def added(v):
        return torch.zeros_like(b).index_add(0, index[0], v[:, None] * b[index[1]])

    def trained(multiply, at):
        energy = multiply((w * d).tanh()).pow(3).sum()
        (force,) = torch.autograd.grad(energy, at, create_graph=True)
        return torch.autograd.grad(force.square().sum(), w)[0].item()

    assert trained(product, b) == pytest.approx(trained(added, b))
    true, found = trained(added, d), trained(product, d)
    assert found != pytest.approx(true, rel=0.05)
