# right: pitfalls/second_time/second_derivative_right.py
import torch

w = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
u = w * x**3
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x)[0]
loss = (u * u_x - u_xx) ** 2
loss.backward()
#! RuntimeError: Trying to backward through the graph a second time ...
