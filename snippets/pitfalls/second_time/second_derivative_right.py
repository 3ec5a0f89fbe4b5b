import torch

w = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
u = w * x**3
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x, create_graph=True)[0]
loss = (u * u_x - u_xx) ** 2
loss.backward()
dloss_dw = w.grad
print(f"loss: {loss}, dloss_dw: {dloss_dw}")
#> loss: 81.0, dloss_dw: 216.0
