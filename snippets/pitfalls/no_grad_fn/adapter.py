# right: pitfalls/no_grad_fn/adapter_right.py
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
tokens = torch.tensor([[1, 2, 3]])
# --8<-- [start:adapter]
embedding = nn.Embedding(10, 8).requires_grad_(False)
block = nn.Sequential(nn.Linear(8, 8), nn.Tanh())  # the part that is trained
hidden = embedding(tokens)
# --8<-- [mark]
hidden = checkpoint(block, hidden, use_reentrant=True)
#! UserWarning: None of the inputs have requires_grad=True. Gradients will be None
hidden.pow(2).mean().backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:adapter]
