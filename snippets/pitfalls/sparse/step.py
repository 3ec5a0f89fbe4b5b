# right: pitfalls/sparse/step_right.py
import torch
from torch import nn

torch.manual_seed(0)
embedding, head = nn.Embedding(10, 4, sparse=True), nn.Linear(4, 1)
tokens, target = torch.randint(10, (16,)), torch.randn(16, 1)


# --8<-- [start:loss]
def smooth_loss(tokens, target):
    loss = ((head(embedding(tokens)) - target) ** 2).mean()
    grad = torch.autograd.grad(loss, embedding.weight, create_graph=True)[0]
    # --8<-- [mark]
    return loss + grad.norm()


smooth_loss(tokens, target).backward()
#! NotImplementedError: Could not run 'aten::masked_fill_.Scalar' with arguments from the
#!   'SparseCPU' backend. ...
# --8<-- [end:loss]
