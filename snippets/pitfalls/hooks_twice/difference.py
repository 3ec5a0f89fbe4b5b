import torch


def penalty(x):
    x = torch.tensor([x], dtype=torch.float64, requires_grad=True)
    x.register_hook(lambda grad: 10 * grad)
    return torch.autograd.grad(x.pow(3).sum(), x)[0].pow(2).sum().item()


dP_dx = (penalty(2.0 + 1e-5) - penalty(2.0 - 1e-5)) / 2e-5
print(f"dP_dx: {dP_dx:.1f}")
#> dP_dx: 28800.0
