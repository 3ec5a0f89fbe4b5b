# wrong: dead is True, the gradient of D is zero is False
# right: pitfalls/batch_norm/last_layer_norm.py
import torch

torch.manual_seed(0)
critic = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 1))
critic.double()
x = torch.randn(16, 4, dtype=torch.float64, requires_grad=True)
g = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
P = ((torch.linalg.vector_norm(g, dim=1) - 1) ** 2).mean()
P.backward()
dead = max(p.grad.abs().max().item() for p in critic.parameters() if p.grad is not None) < 1e-12
print(f"P: {P:.4f}, dead: {dead}")
#> P: 1.0000, dead: True
