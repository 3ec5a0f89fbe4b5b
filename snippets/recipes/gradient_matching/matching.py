# --8<-- [start:gradient]
"""Gradients of a loss as something to be matched: inversion, condensation, alignment."""

from collections.abc import Iterable

import torch
from torch import Tensor


def loss_gradient(loss: Tensor, weights: Iterable[Tensor], *, constant: bool = False) -> list:
    """Return the gradient of a loss () with respect to each of the weights, in their shapes.

    It keeps its graph unless it is to be constant, as what is to be matched
    is. Frozen weights are left out; of one that the loss does not use, it is
    zero. Raises ValueError if the loss is no scalar, or nothing is trained.
    """
    trained = [w for w in weights if w.requires_grad]
    if loss.dim() or not trained:
        raise ValueError(
            f"a loss of shape {tuple(loss.shape)} and {len(trained)} weights that "
            "require a gradient: pass a scalar, and at least one weight"
        )
    return list(
        torch.autograd.grad(
            loss, trained, create_graph=not constant, materialize_grads=True
        )
    )


# --8<-- [end:gradient]
# --8<-- [start:distance]
def _checked(found, wanted):
    shapes = [[tuple(g.shape) for g in side] for side in (found, wanted)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"gradients of shapes {shapes[0]} and {shapes[1]} do not match")
    if torch.is_grad_enabled() and not any(g.requires_grad for g in found):
        raise RuntimeError(
            "the gradient to be changed is a constant, so that matching it trains "
            "nothing: take it with create_graph=True"
        )
    return list(zip(found, wanted, strict=True))


def squared_distance(found: list, wanted: list) -> Tensor:
    """Return |found - wanted|^2, over all weights; Zhu et al., NeurIPS 2019, equation 4.

    Raises ValueError for other shapes, and RuntimeError for a constant.
    """
    return sum((f - w).square().sum() for f, w in _checked(found, wanted))


def cosine_distance(found: list, wanted: list) -> Tensor:
    """Return 1 - cosine of the angle, all weights as one vector; Geiping et al., NeurIPS 2020.

    The length of the gradients does not matter. Raises as squared_distance does.
    """
    pairs = _checked(found, wanted)
    a, b = (torch.cat([pair[side].flatten() for pair in pairs]) for side in (0, 1))
    return 1 - torch.nn.functional.cosine_similarity(a, b, dim=0)


def row_distance(found: list, wanted: list) -> Tensor:
    """Return the sum of 1 - cosine over the output units of each matrix and filter.

    Biases do not count. Zhao et al., ICLR 2021, equation 10. Raises as above,
    and ValueError if there is nothing but biases.
    """
    pairs = [(f.flatten(1), w.flatten(1)) for f, w in _checked(found, wanted) if f.dim() > 1]
    if not pairs:
        raise ValueError("no gradient has rows: pass those of the matrices and filters, too")
    return sum((1 - torch.nn.functional.cosine_similarity(f, w, dim=1)).sum() for f, w in pairs)
# --8<-- [end:distance]
