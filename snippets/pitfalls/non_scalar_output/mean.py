# wrong: u_x is [1.5, 6.0], the derivative is [3.0, 12.0]
# right: pitfalls/non_scalar_output/sum_and_ones.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = x**3
u_x = torch.autograd.grad(u.mean(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.mean(), x)[0]
print("u_x:", u_x.tolist(), "u_xx:", u_xx.tolist())
#> u_x: [1.5, 6.0] u_xx: [1.5, 3.0]
