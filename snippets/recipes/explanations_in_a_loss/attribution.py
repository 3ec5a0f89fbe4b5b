# --8<-- [start:gradients]
"""Explanations that a loss can contain: saliency, integrated gradients, Grad-CAM."""

from collections.abc import Callable

import torch
from torch import Tensor

Score = Callable[[Tensor], Tensor]


def saliency(score: Score, x: Tensor) -> Tensor:
    """Return the gradient of the scores (n,) with respect to x (n, ...), in its shape.

    It has a graph, unless taken under torch.no_grad. The score must treat
    each sample by itself. x may be computed, as the output of a layer is.
    Raises ValueError for scores of another shape, and RuntimeError if the
    map could not be trained.
    """
    keep = torch.is_grad_enabled()
    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_()
        y = score(x.clone())  # for an in-place layer would change x
        if y.shape != x.shape[:1]:
            raise ValueError(
                f"scores of shape {tuple(y.shape)} for x of shape {tuple(x.shape)}: one for "
                "each sample, such as logits[:, target]"
            )
        (g,) = torch.autograd.grad(y.sum(), x, create_graph=keep)
    if keep and not g.requires_grad:
        raise RuntimeError("the map is a constant: is the network frozen, or linear in x?")
    return g


def integrated_gradients(score: Score, x: Tensor, baseline: Tensor, steps: int = 16) -> Tensor:
    """Return the integrated gradients of the scores (n,), in the shape of x (n, ...).

    At a layer, x and baseline are its outputs, and score is the rest of the
    network. All steps run as one batch of steps * n samples; the midpoint
    rule. Sundararajan et al., ICML 2017. Raises as saliency does.
    """
    path = x - baseline
    at = (torch.arange(steps, dtype=x.dtype, device=x.device) + 0.5) / steps
    points = baseline + at.reshape(-1, *[1] * x.dim()) * path
    g = saliency(score, points.flatten(0, 1))
    return path * g.reshape(points.shape).mean(0)


# --8<-- [end:gradients]
# --8<-- [start:cam]
def grad_cam(score: Score, features: Tensor) -> Tensor:
    """Return the maps (n, h, w) of the scores (n,), for the features (n, c, h, w) of a layer.

    score is the rest of the network. Selvaraju et al., ICCV 2017, equations
    1 and 2. Raises as saliency does, and ValueError for other features.
    """
    if features.dim() != 4:
        raise ValueError(f"features of shape {tuple(features.shape)}, not (n, c, h, w)")
    weight = saliency(score, features).mean((2, 3), keepdim=True)
    return torch.relu((weight * features).sum(1))
# --8<-- [end:cam]
