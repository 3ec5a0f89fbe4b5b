import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(2, 3),
    nn.ReLU(inplace=False),
    nn.Linear(3, 1),
)
calls = []
net[0].register_full_backward_hook(
    lambda module, grad_in, grad_out: calls.append(
        grad_out[0].requires_grad
    )
)
x = torch.rand(4, 2, requires_grad=True)
g = torch.autograd.grad(net(x).pow(2).sum(), x, create_graph=True)[0]
g.pow(2).sum().backward()
print("calls, and whether differentiable:", calls)
#> calls, and whether differentiable: [True, False]
