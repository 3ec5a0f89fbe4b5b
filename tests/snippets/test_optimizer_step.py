"""What docs/pitfalls/optimizer-step.md says beside its snippets, tried."""

import copy

import pytest
import torch
from torch import nn
from torch.func import functional_call
from torch.utils.checkpoint import checkpoint


class Squares(nn.Module):
    """The square of the weight times x, by the reentrant kind of checkpoint."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return checkpoint(lambda x: (self.weight * x) ** 2, x, use_reentrant=True)


def test_reentrant_checkpoint_inside():
    """The gradient goes to the module's own weight, or nowhere."""
    net, fast = Squares(), torch.tensor(2.0, requires_grad=True)
    u = functional_call(net, {"weight": fast}, (torch.tensor(1.0, requires_grad=True),))
    u.backward()
    assert u.item() == 4 and fast.grad is None and net.weight.grad.item() == 2
    with pytest.warns(UserWarning, match="requires_grad=True"):
        u = functional_call(net, {"weight": fast}, (torch.tensor(1.0),))
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require grad"):
        u.backward()


def test_adapted_weights_as_an_attribute():
    """A module that keeps a tensor with a history cannot be copied."""
    net = nn.Linear(2, 1)
    net.fast = net.weight - 0.1 * net.weight
    with pytest.raises(RuntimeError, match=r"\(graph leaves\) support the deepcopy protocol"):
        copy.deepcopy(net)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_functional_call_of_a_recurrent_layer(kind):
    """It computes with the dictionary's weights, not with those that cuDNN keeps flat."""
    net, x = kind(3, 4), torch.randn(5, 2, 3)
    found = functional_call(net, {name: 2 * p for name, p in net.named_parameters()}, (x,))[0]
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(2)
    assert torch.allclose(found, net(x)[0])
