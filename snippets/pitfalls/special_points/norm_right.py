import torch

x = torch.zeros(2, requires_grad=True)
u = x.pow(2).sum() ** 2
first = torch.autograd.grad(u, x, create_graph=True)[0]
second = torch.autograd.grad(first[0], x)[0][0].item()
print("first:", first.tolist(), "second:", second)
#> first: [0.0, 0.0] second: 0.0
