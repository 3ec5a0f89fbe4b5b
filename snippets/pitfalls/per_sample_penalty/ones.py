import torch

w = torch.tensor([3.0, 4.0])
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]], requires_grad=True)
D = (x**2) @ w
ones = torch.ones_like(D)
by_sum = torch.autograd.grad(D.sum(), x, retain_graph=True)[0]
by_ones = torch.autograd.grad(D, x, grad_outputs=ones)[0]
alone = torch.autograd.grad((x[1] ** 2) @ w, x)[0][1]
print("sum:", by_sum.tolist(), "ones:", by_ones.tolist())
#> sum: [[6.0, 0.0], [0.0, 4.0]] ones: [[6.0, 0.0], [0.0, 4.0]]
print("the second sample alone:", alone.tolist())
#> the second sample alone: [0.0, 4.0]
