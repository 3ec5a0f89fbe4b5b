# right: pitfalls/chunked_cross_entropy/step_right.py
import torch
from torch import nn
from torch.nn.functional import linear_cross_entropy

torch.manual_seed(0)
embedding, head = nn.Embedding(10, 8), nn.Linear(8, 10, bias=False)
tokens, labels = torch.randint(10, (2, 16))


# --8<-- [start:loss]
def smooth_loss(tokens, labels):
    h = embedding(tokens)
    # --8<-- [mark]
    loss = linear_cross_entropy(
        h,
        head.weight,
        labels,
        options=nn.LinearCrossEntropyOptions(),
    )
    slope = torch.autograd.grad(loss, h, create_graph=True)[0]
    return loss + 10 * slope.pow(2).sum()


smooth_loss(tokens, labels).backward()
#! RuntimeError: linear_cross_entropy chunked backward called twice; retain_graph=True /
#!   double backward are not supported.
# --8<-- [end:loss]
