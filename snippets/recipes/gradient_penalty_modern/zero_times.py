import torch

torch.manual_seed(0)
D = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.SiLU(), torch.nn.Linear(8, 1))
real = torch.randn(3, 4, requires_grad=True)
for extra in (False, True):
    D.zero_grad()
    scores = D(real)
    (slope,) = torch.autograd.grad(scores.sum(), real, create_graph=True)
    penalty = slope.square().sum(1).mean()
    if extra:
        penalty = penalty + 0 * scores[0].sum()
    penalty.backward()
    bias, weight = D[2].bias.grad, D[0].weight.grad
    print(f"last bias: {bias}, first weight: {weight.norm():.4f}")
#> last bias: None, first weight: 0.0667
#> last bias: tensor([0.]), first weight: 0.0667
