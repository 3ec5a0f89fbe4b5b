# wrong: dP_dx is 1.0, the gradient of the penalty is 4.5
# right: pitfalls/hooks/clamped_right.py
import torch

x = torch.tensor([0.5], requires_grad=True)
x.register_hook(lambda grad: grad.clamp(-1, 1))
g = torch.autograd.grad(x.pow(3).sum(), x, create_graph=True)[0]
P = g.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0].item()
print("g:", g.item(), "P:", P.item(), "dP_dx:", dP_dx)
#> g: 0.75 P: 0.5625 dP_dx: 1.0
