import torch

x = torch.tensor([0.0, 0.0, 3.0], requires_grad=True)
first = torch.autograd.grad(x.prod(), x, create_graph=True)[0]
second = torch.autograd.grad(first[0], x)[0].tolist()
print("first:", first.tolist(), "second:", second)
#> first: [0.0, 0.0, 0.0] second: [0.0, 3.0, 0.0]
