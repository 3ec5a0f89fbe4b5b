import torch

x = torch.tensor([[1.0, 0.0], [0.0, 0.5]], requires_grad=True)
w = torch.tensor([3.0, 4.0], requires_grad=True)


def penalty(repeats):
    batch = x.repeat(repeats, 1)
    D = (batch**2) @ w
    g_sum = torch.autograd.grad(D.sum(), batch, retain_graph=True)[0]
    g_mean = torch.autograd.grad(D.mean(), batch)[0]
    return [round(((g.norm(dim=1) - 1) ** 2).mean().item(), 4) for g in (g_sum, g_mean)]


by_size = {2 * repeats: penalty(repeats) for repeats in (1, 2, 8)}
for size, (by_sum, by_mean) in by_size.items():
    print(f"batch of {size}: sum {by_sum}, mean {by_mean}")
#> batch of 2: sum 17.0, mean 2.5
#> batch of 4: sum 17.0, mean 0.125
#> batch of 16: sum 17.0, mean 0.4766
means = [by_mean for by_sum, by_mean in by_size.values()]
