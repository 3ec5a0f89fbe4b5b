import torch


def partial_loss(x):
    return (x**4).sum()


# --8<-- [start:loss]
@torch.compile(backend="aot_eager", fullgraph=True)
def loss(x):
    grad = torch.func.grad(partial_loss)(x)
    return partial_loss(x) + grad.pow(2).sum()


# --8<-- [end:loss]
x = torch.tensor([0.5, 1.5], requires_grad=True)
loss(x).backward()
dL_dx = x.grad.tolist()
print("dL_dx:", dL_dx)
#> dL_dx: [3.5, 742.5]
