import torch

a = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
u_x = torch.autograd.grad(a * x, x, create_graph=True)[0]
unused = torch.autograd.grad(u_x, x, allow_unused=True)[0]
zero = torch.autograd.grad(u_x, x, materialize_grads=True)[0]
print("u_x:", u_x.item(), "allow_unused:", unused, "materialize_grads:", zero.item())
#> u_x: 3.0 allow_unused: None materialize_grads: 0.0
