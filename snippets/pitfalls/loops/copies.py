import torch
from torch import nn
from torch.func import jacrev

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)).double()


# --8<-- [start:copies]
def hessian_by_copies(energy, x):
    """The Hessian of one sample, for a batch of independent samples."""
    n = x.numel()
    X = x.detach().expand(n, *x.shape).clone().requires_grad_()
    g = torch.autograd.grad(energy(X).sum(), X, create_graph=True)[0]
    # Of copy i, the entry i of the gradient.
    picked = g.reshape(n, n).diagonal().sum()
    return torch.autograd.grad(picked, X)[0].reshape(n, n)


# --8<-- [end:copies]
x = torch.tensor([0.3, -0.5, 1.0], dtype=torch.float64)
H = hessian_by_copies(lambda X: net(X).squeeze(1), x)
reference = jacrev(jacrev(lambda x: net(x).squeeze()))(x)
print("the same:", torch.allclose(H, reference))
#> the same: True
