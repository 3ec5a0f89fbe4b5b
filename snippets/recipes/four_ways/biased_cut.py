# wrong: precision is 0.0, the minimum is 0.25
# right: recipes/four_ways/biased_kept.py
import torch

torch.manual_seed(0)
x = 2 * torch.randn(1000, dtype=torch.float64)
x = (x * 2 / x.pow(2).mean().sqrt()).requires_grad_()  # mean square 4
theta = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)

for _ in range(200):
    score = -theta * x
    (slope,) = torch.autograd.grad(score.sum(), x, retain_graph=True)
    loss = (score.pow(2) / 2 + slope).mean()
    (gradient,) = torch.autograd.grad(loss, theta)
    theta = (theta - 0.1 * gradient).detach().requires_grad_()

precision = round(theta.item(), 4)
print("fitted precision:", precision)
#> fitted precision: 0.0
