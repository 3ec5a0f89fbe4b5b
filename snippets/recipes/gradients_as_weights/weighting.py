# --8<-- [start:irm]
"""Gradients as penalties and as weights: IRM, GradNorm, and learning to reweight."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.func import functional_call


def irm_penalty(loss: Callable, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return an unbiased estimate () of |d risk / d scale|^2 at 1, of one environment.

    loss(outputs, targets) is a mean over rows, at least two, in random order.
    The estimate is the product of the slopes of two halves, and may be
    negative. Arjovsky et al. 2019, section 3.1 and appendix D.
    Raises ValueError for fewer rows, and RuntimeError for frozen outputs.
    """
    if len(outputs) < 2 or len(outputs) != len(targets):
        raise ValueError(
            f"{len(outputs)} outputs and {len(targets)} targets: as many of both, at least two"
        )
    if torch.is_grad_enabled() and not outputs.requires_grad:
        raise RuntimeError("the outputs have no graph, so that the penalty trains nothing")
    scale = outputs.new_ones((), requires_grad=True)
    with torch.enable_grad():
        halves = [loss(scale * outputs[k::2], targets[k::2]) for k in (0, 1)]
    slopes = [torch.autograd.grad(half, scale, create_graph=True)[0] for half in halves]
    return slopes[0] * slopes[1]


# --8<-- [end:irm]
# --8<-- [start:gradnorm]
def gradnorm_slope(
    losses: Sequence[Tensor],
    weights: Tensor,
    shared: Sequence[Tensor],
    first: Tensor,
    alpha: float = 1.5,
) -> Tensor:
    """Return the slope (T,) of GradNorm's loss in the weights (T,) of the T losses.

    shared holds the weights of the last layer that all tasks use, and first
    the losses (T,) at the start of training. Each norm is linear in its
    weight, so no second derivative is needed. The graph of the losses is
    kept. Chen et al., ICML 2018, equations 1 and 2; the target is constant.
    Raises ValueError for other sizes, or if the weights are not positive.
    """
    count = (len(losses),)
    if weights.shape != count or first.shape != count or not bool((weights > 0).all()):
        raise ValueError(
            f"weights {weights.tolist()} and first losses {first.tolist()} of "
            f"{len(losses)} tasks: one positive weight, and one loss each"
        )
    norms = []
    for loss in losses:
        parts = torch.autograd.grad(loss, shared, retain_graph=True)
        norms.append(torch.linalg.vector_norm(torch.cat([g.flatten() for g in parts])))
    norm, now = torch.stack(norms), torch.stack([loss.detach() for loss in losses])
    weighted, speed = weights.detach() * norm, now / first
    target = weighted.mean() * (speed / speed.mean()) ** alpha
    return (weighted - target).sign() * norm


# --8<-- [end:gradnorm]
# --8<-- [start:reweight]
def sample_weights(
    net: torch.nn.Module,
    loss: Callable,
    batch: tuple[Tensor, Tensor],
    trusted: tuple[Tensor, Tensor],
) -> Tensor:
    """Return weights (n,) of the samples of a batch, with sum one, from trusted data.

    loss(outputs, targets) gives a loss for each row, (n,). A sample counts as
    far as a step along its gradient lowers the mean loss of the trusted data;
    if none does, all weights are zero. Frozen weights take no part in the step,
    and the buffers of the net are not changed.
    Ren et al., ICML 2018, algorithm 1. Raises ValueError for another loss.
    """
    trained = {name: p for name, p in net.named_parameters() if p.requires_grad}
    start = {name: p.detach().requires_grad_() for name, p in trained.items()}
    buffers = {name: b.clone() for name, b in net.named_buffers()}

    def each(weights, data):
        return loss(functional_call(net, {**weights, **buffers}, data[0]), data[1])

    with torch.enable_grad():
        losses = each(start, batch)
        if losses.shape != (len(batch[0]),):
            raise ValueError(
                f"losses of shape {tuple(losses.shape)} for {len(batch[0])} samples: "
                'the loss needs reduction="none"'
            )
        epsilon = torch.zeros_like(losses, requires_grad=True)
        total = (losses * epsilon).sum()
        step = torch.autograd.grad(
            total, [*start.values()], create_graph=True, materialize_grads=True
        )
        moved = {name: p - g for (name, p), g in zip(start.items(), step, strict=True)}
        (slope,) = torch.autograd.grad(each(moved, trusted).mean(), epsilon)
    useful = (-slope).clamp(min=0)
    return useful / useful.sum().clamp(min=torch.finfo(useful.dtype).tiny)
# --8<-- [end:reweight]
