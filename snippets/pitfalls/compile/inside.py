import torch


def partial_loss(x):
    return (x**4).sum()


@torch.compile(backend="aot_eager", fullgraph=True)
def loss(x):
    return partial_loss(x) + torch.func.grad(partial_loss)(x).pow(2).sum()


x = torch.tensor([0.5, 1.5], requires_grad=True)
loss(x).backward()
print("dL_dx:", x.grad.tolist())
#> dL_dx: [3.5, 742.5]
