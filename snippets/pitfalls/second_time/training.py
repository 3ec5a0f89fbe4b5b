# right: pitfalls/second_time/right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.rand(32, 2)
y = 2 * x[:, :1]


# --8<-- [start:loss]
def penalized(net, x, y):
    x = x.detach().requires_grad_()
    output = net(x)
    # --8<-- [mark]
    slope = torch.autograd.grad(output.sum(), x)[0]
    penalty = slope.flatten(1).pow(2).sum(dim=1).mean()
    return ((output - y) ** 2).mean() + penalty


for _ in range(200):
    loss = penalized(net, x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
#! RuntimeError: Trying to backward through the graph a second time (or directly access
#!   saved tensors after they have already been freed). Saved intermediate values of the
#!   graph are freed when you call .backward() or autograd.grad(). Specify
#!   retain_graph=True if you need to backward through the graph a second time or if you
#!   need to access saved tensors after calling backward.
# --8<-- [end:loss]
