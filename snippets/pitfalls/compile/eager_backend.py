import torch


@torch.compile(backend="eager")
def partial_loss(x):
    return (x**4).sum()


x = torch.tensor([0.5, 1.5], requires_grad=True)
partial = partial_loss(x)
grad = torch.autograd.grad(partial, x, create_graph=True)[0]
dL_dx = torch.autograd.grad(partial + grad.pow(2).sum(), x)[0].tolist()
print("dL_dx:", dL_dx)
#> dL_dx: [3.5, 742.5]
