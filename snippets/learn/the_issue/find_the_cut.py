import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
x, v = torch.randn(16, 2, requires_grad=True), torch.randn(2, 8)


def loss(W):
    y = torch.tanh(x @ W).sum(dim=1)
    slope = torch.autograd.grad(
        y.sum(), x, create_graph=True
    )[0]
    length = slope.norm(dim=1)
    largest = length.max().item()
    return (y**2).mean() + (length / largest).mean()


W = torch.randn(2, 8, requires_grad=True)
autograd = (torch.autograd.grad(loss(W), W)[0] * v).sum()
ahead, behind = loss(W + 1e-6 * v), loss(W - 1e-6 * v)
difference = (ahead - behind) / 2e-6
print(f"autograd {autograd:.4f}, difference {difference:.4f}")
#> autograd -3.1905, difference -2.9003
