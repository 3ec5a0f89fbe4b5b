# uses: recipes/without_second_derivative/penalty_by_difference.py
import torch
from penalty_by_difference import penalty_by_difference


def gp(g):
    return (g.flatten(1).norm(dim=1) - 1).pow(2).mean()


torch.manual_seed(0)
critic = torch.nn.Sequential(
    torch.nn.Linear(2, 32), torch.nn.Softplus(), torch.nn.Linear(32, 1)
)
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-2)
for _ in range(100):
    x = torch.randn(64, 2)
    # --8<-- [mark]
    penalty = penalty_by_difference(critic, x, gp)
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
print(f"{penalty:.3f}")
#> 0.000
