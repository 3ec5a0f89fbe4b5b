import torch

A = torch.tensor([[2.0, 0.5], [0.0, 1.0]])
field = lambda y: y.pow(2).sum(1) / 2  # in the canonical space
x = torch.tensor([[0.5, 1.0]], requires_grad=True)

y = x @ A.T  # the warp; keep the tensor
f = field(y)
of_warped, of_point = torch.autograd.grad(f.sum(), (y, x), create_graph=True)
print("canonical", of_warped.tolist(), "observed", of_point.tolist())
#> canonical [[1.5, 1.0]] observed [[3.0, 1.75]]
