# --8<-- [start:architecture]
"""Gradients through a step of training, and a learned optimizer that is trained through many."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

Named = Mapping[str, Tensor]


def architecture_gradient(
    train_loss: Callable[[Named, Named], Tensor],
    valid_loss: Callable[[Named, Named], Tensor],
    weights: Named,
    alphas: Named,
    rate: float,
    buffers: Named | None = None,
    momentum: float = 0.0,
    decay: float = 0.0,
) -> dict[str, Tensor]:
    """Return the gradient of valid_loss(w', alphas) in the alphas, where w' is one step of SGD.

    Second-order DARTS (Liu et al. 2019, equation 6), exact: w' follows train_loss(w, alphas).
    The losses take dictionaries of weights and alphas; buffers are SGD's momentum, constants.
    """
    w = {name: p.detach().requires_grad_() for name, p in weights.items()}
    a = {name: p.detach().requires_grad_() for name, p in alphas.items()}
    slopes = torch.autograd.grad(train_loss(w, a), list(w.values()), create_graph=True)
    moved = {}
    for (name, p), g in zip(w.items(), slopes):
        g = g + decay * p
        if buffers is not None:
            g = g + momentum * buffers[name].detach()
        moved[name] = p - rate * g
    gradients = torch.autograd.grad(valid_loss(moved, a), list(a.values()))
    return dict(zip(a, gradients))


# --8<-- [end:architecture]
# --8<-- [start:optimizer]
class LearnedOptimizer(nn.Module):
    """An LSTM that turns the gradient of each coordinate into its update."""

    def __init__(self, hidden: int = 8, scale: float = 0.1):
        super().__init__()
        self.cell = nn.LSTMCell(1, hidden)
        self.update = nn.Linear(hidden, 1)
        self.scale = scale

    def start(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """Return the state before the first step, for each entry of theta (n,)."""
        zeros = theta.new_zeros(len(theta), self.cell.hidden_size)
        return zeros, zeros

    def forward(self, gradient: Tensor, state: tuple[Tensor, Tensor]):
        """Return the update (n,) and the next state."""
        state = self.cell(gradient.unsqueeze(1), state)
        return self.scale * self.update(state[0]).squeeze(1), state


def unroll(optimizer, loss, theta, state, steps, second_order=False):
    """Return the sum of the losses after each step, and theta and state at the end.

    Without second_order, the gradient that goes in is a constant to the optimizer.
    """
    total = 0
    for _ in range(steps):
        (g,) = torch.autograd.grad(loss(theta), theta, create_graph=second_order)
        update, state = optimizer(g, state)
        theta = theta + update
        total = total + loss(theta)
    return total, theta, state


def cut(theta, state):
    """Return both as constants, from which the next segment starts."""
    return theta.detach().requires_grad_(), tuple(s.detach() for s in state)


# --8<-- [end:optimizer]
