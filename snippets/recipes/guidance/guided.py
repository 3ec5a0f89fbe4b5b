# --8<-- [start:guide]
"""The gradient of a loss on the denoised sample, for guidance in a sampler."""

from collections.abc import Callable

import torch
from torch import Tensor


def guidance(
    denoise: Callable[[Tensor], Tensor],
    measure: Callable[[Tensor], Tensor],
    x: Tensor,
    training: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return x0 = denoise(x) and the gradient of measure(x0) in x, both like x.

    denoise: the clean sample from a noisy one (batch, ...), by the network.
    measure: a loss for each sample (batch,), not their mean. Works under
    torch.no_grad and torch.inference_mode, if the weights were made outside, and
    with frozen weights. training: keep the graph, to train
    through the sampler. Raises ValueError for a measure of another shape, and
    RuntimeError if it does not depend on x.
    """
    with torch.inference_mode(False), torch.enable_grad():
        # Before the network: what it computes must know of x.
        x = x if training and x.requires_grad else x.detach().clone().requires_grad_()
        x0 = denoise(x)
        losses = measure(x0)
        if losses.shape != x.shape[:1]:
            raise ValueError(f"a loss for each of {len(x)} samples, not {tuple(losses.shape)}")
        if not losses.requires_grad:
            raise RuntimeError("the loss is a constant: is the network or decoder under no_grad?")
        (g,) = torch.autograd.grad(losses.sum(), x, create_graph=training)
    return (x0, g) if training else (x0.detach(), g)


# --8<-- [end:guide]
# --8<-- [start:langevin]
def langevin(
    energy: Callable[[Tensor], Tensor],
    x: Tensor,
    steps: int,
    step: float,
    noise: float,
    training: bool = False,
) -> Tensor:
    """Return x after steps of x - step * dE/dx + noise * normal.

    energy: (batch, ...) to (batch,). A Langevin chain has noise = (2 step)^0.5.
    With training, the result is a function of the start and the weights; without,
    it has no history, and its memory does not grow. Raises ValueError for an
    energy of another shape, such as a mean, whose gradient shrinks with the batch.
    """
    with torch.inference_mode(False), torch.enable_grad():
        x = x if training else x.detach().clone()
        for _ in range(steps):
            at = x if training and x.requires_grad else x.detach().requires_grad_()
            E = energy(at)
            if E.shape != at.shape[:1]:
                raise ValueError(f"an energy for each of {len(at)} samples, not {tuple(E.shape)}")
            (g,) = torch.autograd.grad(E.sum(), at, create_graph=training)
            x = at - step * g + noise * torch.randn_like(at)
            x = x if training else x.detach()
    return x


# --8<-- [end:langevin]
