# --8<-- [start:penalty]
"""R1, R2 and the relativistic loss of a critic, and StyleGAN2's path lengths."""

import contextlib
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import softplus


def slope_penalty(
    critic: Callable[[Tensor], Tensor], samples: Tensor, gamma: float
) -> Tensor:
    """Return gamma / 2 times the mean squared slope of a critic at samples (n, ...).

    R1 at real samples (Mescheder et al. 2018, equation 9), R2 at fake ones.
    The samples are constants, and autocast is off. Raises ValueError unless
    there is one score for each sample, RuntimeError if nothing can be trained.
    """
    kind = samples.device.type
    available = torch.amp.is_autocast_available(kind)
    precise = torch.autocast(kind, enabled=False) if available else contextlib.nullcontext()
    with precise:
        x = samples.detach().requires_grad_()
        scores = critic(x)
        if scores.shape not in {(len(x),), (len(x), 1)}:
            raise ValueError(f"one score for each of {len(x)} samples, not {tuple(scores.shape)}")
        (slope,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
        if not slope.requires_grad:
            raise RuntimeError("the slope is a constant: is the critic frozen, or its graph cut?")
        return gamma / 2 * slope.flatten(1).square().sum(1).mean()


# --8<-- [end:penalty]
# --8<-- [start:losses]
def lazy(step: int, every: int) -> int:
    """Return the factor of a penalty that is computed in one of so many steps, or 0."""
    return every if step % every == 0 else 0


def relativistic_loss(better: Tensor, worse: Tensor) -> Tensor:
    """Return the mean of softplus(worse - better), for scores of pairs, (n,) or (n, 1).

    The critic's better scores are those of real samples, the generator's those of
    fake ones (Huang et al. 2024). Raises ValueError for unequal shapes.
    """
    if better.shape != worse.shape:
        raise ValueError(f"scores of pairs, not {tuple(better.shape)} and {tuple(worse.shape)}")
    return softplus(worse - better).mean()


# --8<-- [end:losses]
# --8<-- [start:path]
class PathLength(torch.nn.Module):
    """Penalize how far the path lengths of images are from their running mean.

    Karras et al. 2020, equation 4. The latents (n, d) or (n, layers, d) require a gradient,
    and the images (n, ...) come from them. Raises RuntimeError if they do not.
    """

    def __init__(self, decay: float = 0.01):
        super().__init__()
        self.decay = decay
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, images: Tensor, latents: Tensor) -> Tensor:
        noise = torch.randn_like(images) / images[0, 0].numel() ** 0.5
        (slope,) = torch.autograd.grad(
            (images * noise).float().sum(), latents, create_graph=True, allow_unused=True
        )
        if slope is None or not slope.requires_grad:
            raise RuntimeError("the images do not come from these latents, or nothing is trained")
        layers = slope[0].numel() / slope.shape[-1]
        # A norm has the derivative zero at zero, where a root has none.
        lengths = torch.linalg.vector_norm(slope.flatten(1), dim=1) / layers**0.5
        self.mean.lerp_(lengths.detach().mean().to(self.mean), self.decay)
        return (lengths - self.mean).square().mean()


# --8<-- [end:path]
