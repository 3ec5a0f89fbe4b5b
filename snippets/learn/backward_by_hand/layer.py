import torch

torch.manual_seed(0)
x, v = torch.randn(3), torch.randn(2)
W = torch.randn(2, 3, requires_grad=True)
z = W @ x
h = torch.tanh(z)

# What arrives at h is v. Two steps back, no Jacobian.
dz = v * (1 - h**2)
dW = torch.outer(dz, x)

by_autograd = torch.autograd.grad(
    h, W, v, create_graph=True
)[0]
print(torch.allclose(dW, by_autograd))
#> True
second = torch.autograd.grad(dW.pow(2).sum(), W, retain_graph=True)[0]
by_autograd = torch.autograd.grad(by_autograd.pow(2).sum(), W)[0]
print(torch.allclose(second, by_autograd))
#> True
