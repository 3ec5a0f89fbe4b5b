import torch
from torch.utils.checkpoint import checkpoint

W = torch.tensor([[1.0, 2.0]], requires_grad=True)
x = torch.tensor([[3.0, 4.0]], requires_grad=True)


def penalty(x, create_graph):
    y = torch.nn.functional.linear(x, W)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=create_graph)
    return slope.square().sum()


P = checkpoint(penalty, x, True, use_reentrant=False)
P.backward()
dP_dW = W.grad.tolist()
print("P:", P.item(), "dP_dW:", dP_dW, "dP_dx:", x.grad)
#> P: 5.0 dP_dW: [[2.0, 4.0]] dP_dx: None
cut = checkpoint(penalty, x, False, use_reentrant=False)
print("without create_graph:", cut.item(), cut.requires_grad)
#> without create_graph: 5.0 False
checkpoint(penalty, x, True, use_reentrant=True)
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
