# right: recipes/physics_informed_network/closure_right.py
import torch

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
)
x = torch.linspace(0, 1, 10).reshape(-1, 1).requires_grad_()


def closure():
    u = net(x)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return (u_x + u).square().mean()


with torch.no_grad():  # as some line searches evaluate the loss
    closure()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
