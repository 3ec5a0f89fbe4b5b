# wrong: second is nan, the second derivative is 0.0
# right: pitfalls/special_points/norm_right.py
import torch

x = torch.zeros(2, requires_grad=True)
u = torch.linalg.vector_norm(x) ** 4
first = torch.autograd.grad(u, x, create_graph=True)[0]
second = torch.autograd.grad(first[0], x)[0][0].item()
print("first:", first.tolist(), "second:", second)
#> first: [0.0, 0.0] second: nan
