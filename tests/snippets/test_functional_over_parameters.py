"""What docs/pitfalls/functional-over-parameters.md says beside its snippets, tried."""

import functools

import pytest
import torch
from torch import nn
from torch.autograd import functional
from torch.func import functional_call
from torch.utils.checkpoint import checkpoint

X = torch.tensor([[1.0, 2.0]])


@pytest.mark.parametrize("hessian", [functional.hessian, lambda f, w: torch.func.hessian(f)(w)])
def test_a_tensor_in_the_place_of_the_parameter(hessian):
    """With the parameter deleted and the argument put there, the Hessian is 2 x x^T."""
    net = nn.Linear(2, 1, bias=False)

    def loss(weight):
        del net.weight
        net.weight = weight
        return net(X).pow(2).sum()

    found = hessian(loss, torch.ones(1, 2)).reshape(2, 2)
    assert found.tolist() == [[2.0, 4.0], [4.0, 8.0]]
    assert not list(net.parameters())


def test_strict_and_linear_functions():
    """Functions of the second derivative refuse what is linear; the others do not."""
    linear, w = lambda w: (3 * w).sum(), torch.ones(2)
    for second in (functional.hvp, functional.vhp):
        with pytest.raises(RuntimeError, match="strict mode"):
            second(linear, w, w, strict=True)
    with pytest.raises(RuntimeError, match="strict mode"):
        functional.hessian(linear, w, strict=True)
    assert functional.jacobian(linear, w, strict=True).tolist() == [3.0, 3.0]
    with pytest.raises(RuntimeError, match="strict=True"):
        torch.func.jvp(lambda w: torch.ones(2), (w,), (w,), strict=True)


class Checkpointed(nn.Module):
    """Layers that are computed again."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = checkpoint(layer, x, use_reentrant=False)
        return x


@pytest.mark.parametrize("factor, right", [(1, True), (2, False)])
def test_checkpoints_inside(factor, right):
    """With other weights than the module's own, the recomputation makes the Hessian wrong."""
    layers = nn.Sequential(nn.Linear(1, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    net, x = Checkpointed(layers), torch.linspace(-2, 2, 5, dtype=torch.float64)[:, None]
    names, weights = zip(*net.named_parameters(), strict=True)
    at = tuple(factor * weight.detach() for weight in weights)

    def loss(module, prefix, *values):
        params = dict(zip((name.removeprefix(prefix) for name in names), values, strict=True))
        return functional_call(module, params, (x,)).pow(2).sum()

    found = functional.hessian(functools.partial(loss, net, ""), at)
    plain = functional.hessian(functools.partial(loss, layers, "layers."), at)
    found, plain = (torch.cat([block.flatten() for block in sum(H, ())]) for H in (found, plain))
    assert torch.allclose(found, plain) is right


def test_checkpoints_under_torch_func():
    """Reverse mode refuses them, and forward mode does not."""
    net, x = Checkpointed([nn.Linear(2, 1)]), torch.ones(1, 2)
    with pytest.raises(RuntimeError, match="saved tensor hooks"):
        torch.func.grad(lambda x: net(x).sum())(x)
    assert torch.func.jvp(net, (x,), (x,))[1].shape == (1, 1)
