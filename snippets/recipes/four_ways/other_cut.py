# wrong: best is 2.0, the minimum is 1.0
# right: recipes/four_ways/other_kept.py
import torch

curvature = torch.tensor([1.0, 3.0], dtype=torch.float64)
goal = torch.tensor([0.0, 4.0], dtype=torch.float64)
start = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([start], lr=0.5)

for _ in range(200):
    adapted = start.repeat(2)  # one copy for each task
    losses = curvature * (adapted - goal).pow(2) / 2
    (inner,) = torch.autograd.grad(losses.sum(), adapted, retain_graph=True)
    adapted = adapted - 0.25 * inner
    outer = (curvature * (adapted - goal).pow(2) / 2).sum()
    optimizer.zero_grad()
    outer.backward()
    optimizer.step()

best = round(start.item(), 4)
print("best start:", best)
#> best start: 2.0
