import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
x = torch.linspace(0, 1, 50).reshape(-1, 1).requires_grad_()
of_sum = torch.autograd.grad(net(x).sum(), x)[0]
with_ones = torch.autograd.grad(net(x), x, torch.ones(50, 1))[0]
print(torch.equal(of_sum, with_ones))
#> True
