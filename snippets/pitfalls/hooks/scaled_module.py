# wrong: dP_dx is 288000.0, the gradient of the penalty is 28800.0
# right: pitfalls/hooks/guarded.py
import torch

identity = torch.nn.Identity()
handle = identity.register_full_backward_hook(
    lambda module, grad_input, grad_output: (10 * grad_input[0],)
)
x = torch.tensor([2.0], requires_grad=True)
g = torch.autograd.grad(identity(x).pow(3).sum(), x, create_graph=True)[0]
handle.remove()  # too late
P = g.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0].item()
print("g:", g.item(), "P:", P.item(), "dP_dx:", dP_dx)
#> g: 120.0 P: 14400.0 dP_dx: 288000.0
