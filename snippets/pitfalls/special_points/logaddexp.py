# wrong: second is nan, the second derivative is 0.0
# right: pitfalls/special_points/logaddexp_right.py
import torch

a = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(1000.0)
first = torch.autograd.grad(torch.logaddexp(a, b), a, create_graph=True)[0]
second = torch.autograd.grad(first, a)[0].item()
print("first:", first.item(), "second:", second)
#> first: 0.0 second: nan
