"""The loss of the original note against its closed form in NumPy, without autograd."""

import numpy
import pytest
import torch

WRONG = ["learn/the_issue/retain_graph.py", "learn/the_issue/second_forward.py"]


@pytest.fixture(scope="module")
def exact():
    """(gradient of the loss, gradient of the loss plus its norm) at the page's point."""
    torch.manual_seed(0)
    x, y = torch.randn(8, 3).double().numpy(), torch.randn(8, 1).double().numpy()
    w = torch.randn(3, 1).double().numpy()
    t = numpy.tanh(x @ w)
    slope = 1 - t**2
    g = x.T @ (2 * (t - y) * slope) / len(x)
    curvature = 2 * slope**2 + 2 * (t - y) * (-2 * t * slope)
    hessian = x.T @ (curvature * x) / len(x)
    return g.ravel(), (g + hessian @ g / numpy.linalg.norm(g)).ravel()


def test_create_graph_gives_the_closed_form(values, exact):
    """g + Hg/‖g‖, and the finite difference agrees with it."""
    right = values("learn/the_issue/create_graph.py")["dtotal_dw"]
    assert right == pytest.approx(exact[1], rel=1e-5)
    assert values("learn/the_issue/finite_difference.py")["difference"] == pytest.approx(
        exact[1], rel=1e-8
    )


@pytest.mark.parametrize("name", WRONG)
def test_the_silent_gradient_is_that_of_the_loss_alone(values, exact, name):
    """The wrong versions lose the whole second term."""
    wrong = values(name)["dtotal_dw"]
    assert wrong == pytest.approx(exact[0], rel=1e-5)
    assert wrong != pytest.approx(exact[1], rel=1e-2)


def test_the_error_suggests_the_bug(values):
    """The message of the code as written names retain_graph, not create_graph."""
    error = values("learn/the_issue/as_written.py")["error"]
    assert "Specify retain_graph=True" in error
    assert "create_graph" not in error


def test_a_penalty_alone_is_noticed(values):
    """Without another path to the parameters PyTorch raises."""
    assert "does not require grad" in values("learn/the_issue/penalty_alone.py")["error"]


def test_a_sum_saves_nothing(values):
    """d(sum w + ‖(1, 1)‖)/dw = (1, 1)."""
    assert values("learn/the_issue/nothing_saved.py")["total_loss"] == pytest.approx(3 + 2**0.5)
