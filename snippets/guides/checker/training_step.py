# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1)
)
optimizer = torch.optim.Adam(net.parameters())
data, target = torch.randn(8, 3), torch.randn(8, 1)


def step():
    x = data.clone().requires_grad_()
    y = net(x)
    g = torch.autograd.grad(y.sum(), x, retain_graph=True)[0]
    penalty = g.pow(2).sum(dim=1).mean()
    loss = (y - target).pow(2).mean() + 1e-4 * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


print(check(step, net.parameters()))
#> lostgrad: WRONG
#>   training_step.py:16: autograd.grad without create_graph
#>     let through, it changes the gradient of the loss by 0.0027 %
#>   training_step.py:22: .item(): changes nothing
#>   the loss: WRONG
#>     autograd -0.9446, differences -0.9446, off by 0.0018 %
