# wrong: norm is 0.7774, the norm of the gradient is 0.7374
# right: pitfalls/compile/silent_right.py
import torch
from torch import nn

torch.manual_seed(0)
encoder = nn.Linear(2, 8, bias=False)
head = nn.Sequential(nn.Tanh(), nn.Linear(8, 1))
x = torch.randn(4, 2, requires_grad=True)
# --8<-- [start:loss]
critic = torch.compile(head, backend="aot_eager")
score = critic(encoder(x)).sum()
slope = torch.autograd.grad(score, x, create_graph=True)[0]
penalty = slope.pow(2).sum()
gradient = torch.autograd.grad(penalty, encoder.weight)[0]
# --8<-- [end:loss]
norm = gradient.norm().item()
print(f"penalty: {penalty.item():.4f}, norm: {norm:.4f}")
#> penalty: 0.1484, norm: 0.7774
