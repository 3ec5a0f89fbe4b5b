import torch

w = torch.tensor([3.0, 4.0])
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (w * x).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
print("requires grad:", dy_dx.requires_grad)
#> requires grad: False
print("the graph is kept:", torch.autograd.grad(y, x, retain_graph=True)[0].tolist())
#> the graph is kept: [3.0, 4.0]
try:
    torch.autograd.grad(dy_dx.sum(), x, materialize_grads=True)
except RuntimeError as error:
    print("materialize_grads:", error)
#> materialize_grads: element 0 of tensors does not require grad and does not have a grad_fn
torch.autograd.grad(dy_dx.sum(), x)
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
