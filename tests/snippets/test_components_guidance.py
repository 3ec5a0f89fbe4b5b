"""The recipe on guidance: its component by closed forms and differences, and its pairs."""

import numpy as np
import pytest
import torch
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

FOLDER = "recipes/guidance/"


@pytest.fixture
def guided(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[FOLDER + "guided.py"].snippet.text, names)
    return names


def network(dtype=torch.float64):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
    return net.to(dtype).requires_grad_(False)


def squared(x0):
    return (x0 - 1).pow(2).sum(1)


@pytest.mark.parametrize(("dtype", "rel"), [(torch.float64, 1e-6), (torch.float32, 1e-2)])
@pytest.mark.parametrize("mode", [torch.no_grad, torch.enable_grad, torch.inference_mode])
def test_guidance_is_the_difference_of_the_loss(guided, dtype, rel, mode):
    """Along a direction, for each sample, with a checkpointed and frozen network."""
    net, x, v = network(dtype), torch.randn(4, 3, dtype=dtype), torch.randn(4, 3, dtype=dtype)

    def denoise(x):
        return x - 0.5 * checkpoint(net, x, use_reentrant=False)

    with mode():
        x0, g = guided["guidance"](denoise, squared, x)
    assert g.dtype == dtype and not g.requires_grad and not x0.requires_grad
    assert not x.requires_grad and all(p.grad is None for p in net.parameters())
    step = 1e-5 if dtype == torch.float64 else 1e-2
    ahead, behind = (squared(denoise(x + s * step * v)) for s in (1, -1))
    slopes = ((ahead - behind) / (2 * step)).tolist()
    assert (g * v).sum(1).tolist() == pytest.approx(slopes, rel=rel, abs=rel)


def test_guidance_with_dropout_leaves_the_masks_alone(guided):
    """Dropout in training mode scales the gradient as it scales the value."""
    drop = torch.nn.Dropout(0.5)
    x = torch.ones(1, 50, dtype=torch.float64)
    x0, g = guided["guidance"](drop, lambda x0: x0.sum(1), x)
    assert torch.equal(x0, g)


def test_guidance_refuses(guided):
    """A mean over the batch, and a loss that knows nothing of x."""
    x = torch.randn(4, 3)
    with pytest.raises(ValueError, match="a loss for each of 4 samples"):
        guided["guidance"](lambda x: x, lambda x0: x0.mean(), x)
    with pytest.raises(RuntimeError, match="the loss is a constant"):
        guided["guidance"](lambda x: x.detach(), squared, x)
    for energy in (lambda x: squared(x).mean(), lambda x: squared(x)[:, None]):
        with pytest.raises(ValueError, match="an energy for each of 4 samples"):
            guided["langevin"](energy, x, 1, 0.1, 0.0)


def test_what_freezing_saves(guided):
    """The inputs of linear layers, and no product: gradients of weights are not asked for."""
    saved, products = [], []
    for frozen in (False, True):
        weights, kept = [torch.randn(16, 16, requires_grad=not frozen) for _ in range(2)], {}

        def net(x, weights=weights):
            return torch.nn.functional.silu(x @ weights[0]) @ weights[1]

        def pack(tensor, kept=kept):
            kept[tensor.data_ptr()] = tensor.numel()
            return tensor

        x = torch.randn(64, 16)
        with (
            torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t),
            FlopCounterMode(display=False) as counter,
        ):
            guided["guidance"](net, lambda x0: x0.sum(1), x)
        saved.append(sum(kept.values()))
        products.append(counter.get_total_flops())
    assert saved[1] < saved[0] and products[1] == products[0] == 4 * 2 * 64 * 16 * 16


@pytest.mark.parametrize("reentrant", [False, True])
def test_which_checkpoint(guided, reentrant):
    """One of the two refuses autograd.grad."""
    net, x = network(), torch.randn(4, 3, dtype=torch.float64)

    def run():
        return guided["guidance"](lambda x: checkpoint(net, x, use_reentrant=reentrant), squared, x)

    if reentrant:
        with pytest.raises(RuntimeError, match="use_reentrant=True"):
            run()
    else:
        assert run()[1].abs().max() > 0


def test_compiled_it_samples_and_does_not_train(guided):
    """One gradient through a compiled network is fine, and the second raises."""
    torch._dynamo.reset()
    net, x = torch.compile(network(), backend="aot_eager"), torch.randn(4, 3, dtype=torch.float64)
    _, g = guided["guidance"](net, squared, x)
    assert torch.allclose(g, guided["guidance"](network(), squared, x)[1])
    with pytest.raises(RuntimeError):
        start = x.clone().requires_grad_()
        guided["guidance"](net, squared, start, training=True)[1].sum().backward()


def test_scale_is_the_difference(report):
    """The slope of three guided steps with respect to the scale."""
    text = report.verdicts[FOLDER + "scale.py"].snippet.text
    guided = report.verdicts[FOLDER + "guided.py"].snippet.text

    def run(scale):
        names = {}
        exec(guided, names)
        exec(text.replace("from guided import guidance", "").replace("(0.3,", f"({scale},"), names)
        return names

    names = run(0.3)
    slope = (run(0.301)["loss"].item() - run(0.299)["loss"].item()) / 0.002
    assert names["slope"].item() == pytest.approx(slope, rel=2e-3)


def test_chain_is_its_closed_form(guided):
    """(1 - step k)^n, with the slopes in start and k; detached, it has no history."""
    start = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    k = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    chain = guided["langevin"](lambda x: k * x**2 / 2, start, 3, 0.2, 0.0, training=True)
    assert chain.tolist() == pytest.approx([0.9**3 * 2, -(0.9**3)])
    slopes = torch.autograd.grad(chain.sum(), (start, k))
    assert slopes[0].tolist() == pytest.approx([0.9**3] * 2)
    assert slopes[1].item() == pytest.approx(-3 * 0.2 * 0.9**2)
    with torch.no_grad():
        plain = guided["langevin"](lambda x: k * x**2 / 2, start, 3, 0.2, 0.0)
    assert plain.tolist() == pytest.approx(chain.tolist()) and not plain.requires_grad


def test_chain_samples_the_energy(guided):
    """The variance of a long chain is that of the density, up to the step's bias."""
    torch.manual_seed(0)
    x = guided["langevin"](lambda x: 2 * x**2, torch.zeros(20000), 300, 0.01, 0.02**0.5)
    assert x.var().item() == pytest.approx(0.25, rel=0.05)


def test_before_and_after(values):
    """(1 - sigma W)^T x0 through the network, and x0 without it."""
    W = torch.tensor([[0.8, 0.3], [-0.2, 0.5]])
    A = torch.eye(2) - 0.5 * W
    x0 = A @ torch.tensor([1.0, -2.0])
    found = values(FOLDER + "before_after.py")
    assert found["before"] == pytest.approx((A.T @ x0).tolist(), abs=1e-3)
    assert found["after"] == pytest.approx(x0.tolist(), abs=1e-3)


def test_path(values):
    """Three steps of (1 - 0.2 k), differentiated by hand; cut, each step has the slope 1."""
    right, wrong = (values(FOLDER + f"path_{end}.py")["slopes"] for end in ("kept", "cut"))
    x = 0.9**3 * 2
    outer = 2 * (x - 1)
    by_hand = [outer * 0.9**3, -outer * 2 * 3 * 0.2 * 0.9**2]
    assert right == pytest.approx(by_hand, abs=1e-4)
    assert wrong == pytest.approx([outer, 0], abs=1e-4)


def test_likelihood(values):
    """The slope of minus the log-likelihood of a Gaussian with precision k, 7/8 - 1/(2 k)."""
    found = values(FOLDER + "contrastive.py")
    assert found["detached"] == pytest.approx(7 / 8 - 1, abs=0.006)
    assert found["attached"] == pytest.approx(7 / 8, abs=0.006)


def test_a_name_of_its_own(report):
    """Each step goes down the gradient of a quadratic, by the matrix of the frozen network."""
    names = {}
    exec(report.verdicts["recipes/guidance/one_name.py"].snippet.text, names)
    W, b = (p.double().numpy() for p in (names["unet"].weight, names["unet"].bias))
    x = np.array([1.0, -2.0])
    for _ in range(3):
        x0 = x - 0.5 * (W @ x + b)
        x = x - 0.1 * 2 * (np.eye(2) - 0.5 * W).T @ x0
    assert names["x"][0].tolist() == pytest.approx(x, rel=1e-4)
