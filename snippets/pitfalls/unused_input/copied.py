# wrong: dP_dc is 0.0, the derivative is 24.0
# right: pitfalls/unused_input/not_copied.py
import torch

c = torch.tensor(1.0, requires_grad=True)
x = 2 * c
x_in = x.detach().requires_grad_()
u = x_in**3
P = torch.autograd.grad(u, x_in, create_graph=True)[0]
dP_dc = torch.autograd.grad(P, c, materialize_grads=True)[0].item()
print("dP_dc:", dP_dc)
#> dP_dc: 0.0
