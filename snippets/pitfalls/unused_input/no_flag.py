# wrong: dr_dx is 0.0, the derivative is 108.0
# right: pitfalls/unused_input/flag.py
import torch

x = torch.tensor(2.0, requires_grad=True)
y = torch.tensor(3.0, requires_grad=True)
u = x**3 * y
u_x = torch.autograd.grad(u, x)[0]
r = y * u_x
dr_dx = torch.autograd.grad(r, x, materialize_grads=True)[0]
print("dr_dx:", dr_dx.item())
#> dr_dx: 0.0
