# wrong: second is nan, the second derivative is -3.29
# right: pitfalls/special_points/sinc_right.py
import torch

x = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(torch.sinc(x), x, create_graph=True)[0]
second = torch.autograd.grad(first, x)[0].item()
print("first:", first.item(), "second:", second)
#> first: 0.0 second: nan
