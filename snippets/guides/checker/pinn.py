# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)
)
t = torch.linspace(0, 1, 9)[:, None].requires_grad_()


def loss_fn():
    u = net(t)
    u_t = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    u_tt = torch.autograd.grad(u_t.sum(), t, retain_graph=True)[0]
    residual = (u_tt + u).pow(2).mean()
    return {"residual": residual, "start": (u[0] - 1).pow(2).sum()}


print(check(loss_fn, net.parameters()))
#> lostgrad: WRONG
#>   pinn.py:15: autograd.grad without create_graph
#>     let through, it changes the gradient of the loss by 84 %
#>   the loss: WRONG
#>     autograd 0.609, differences 0.8462, off by 28 %
#>   term residual: WRONG
#>     autograd -1.613, differences -1.376, off by 15 %
#>   1 slope agrees with differences, to 1e-06 or better
