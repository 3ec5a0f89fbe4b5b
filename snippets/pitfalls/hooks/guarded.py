import torch


def scale(module, grad_input, grad_output):
    if torch.is_grad_enabled():  # in a pass with create_graph=True
        return (10 * grad_input[0],)


identity = torch.nn.Identity()
identity.register_full_backward_hook(scale)
x = torch.tensor([2.0], requires_grad=True)
g = torch.autograd.grad(identity(x).pow(3).sum(), x, create_graph=True)[0]
P = g.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0].item()
print("g:", g.item(), "P:", P.item(), "dP_dx:", dP_dx)
#> g: 120.0 P: 14400.0 dP_dx: 28800.0
