import torch

a = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(1000.0)
u = torch.logsumexp(torch.stack([a, b]), 0)
first = torch.autograd.grad(u, a, create_graph=True)[0]
second = round(torch.autograd.grad(first, a)[0].item(), 4)
print("first:", round(first.item(), 4), "second:", second)
#> first: 0.0 second: 0.0
