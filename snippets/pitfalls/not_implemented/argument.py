import torch

values = torch.tensor([1.0, 2.0, 3.0])
lengths = torch.tensor([1.0, 2.0], requires_grad=True)
torch.segment_reduce(values, "sum", lengths=lengths)
#! RuntimeError: The function 'segment_reduce' is not differentiable with respect to
#!   argument 'lengths'. This input cannot have requires_grad True.
