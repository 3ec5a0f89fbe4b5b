# right: pitfalls/compile/inside.py
import torch


@torch.compile(backend="aot_eager")
def partial_loss(x):
    return (x**4).sum()


x = torch.tensor([0.5, 1.5], requires_grad=True)
grad = torch.autograd.grad(partial_loss(x), x, create_graph=True)[0]
print("first:", grad.tolist())
#> first: [0.5, 13.5]
grad.pow(2).sum().backward()
#! RuntimeError: torch.compile with aot_autograd does not currently support double backward
