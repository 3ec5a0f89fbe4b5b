import torch

torch._dynamo.config.trace_autograd_ops = True


@torch.compile(backend="aot_eager", fullgraph=True)
def loss(x):
    partial = (x**4).sum()
    grad = torch.autograd.grad(partial, x, create_graph=True)[0]
    return partial + grad.pow(2).sum()


x = torch.tensor([0.5, 1.5], requires_grad=True)
loss(x).backward()
dL_dx = x.grad.tolist()
print("dL_dx:", dL_dx)
#> dL_dx: [3.5, 742.5]
