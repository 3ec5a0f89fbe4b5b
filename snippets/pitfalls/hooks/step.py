# wrong: norm is 3.6863, the norm of the gradient is 0.7634
# right: pitfalls/hooks/step_right.py
import torch
from torch import nn

torch.manual_seed(0)
body = nn.Sequential(nn.Linear(2, 16), nn.Tanh()).double()
head = nn.Sequential(
    nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1)
).double()
real = torch.randn(8, 2, dtype=torch.float64)


# --8<-- [start:loss]
def penalty(real):
    x = real.detach().requires_grad_()
    h = body(x)
    # --8<-- [mark]
    h.register_hook(lambda grad: 10 * grad)  # the body learns faster
    slope = torch.autograd.grad(head(h).sum(), x, create_graph=True)[0]
    return ((slope.norm(dim=1) - 1) ** 2).mean()


# --8<-- [end:loss]
P = penalty(real)
P.backward()
norm = body[0].weight.grad.norm().item()
print(f"penalty: {P.item():.4f}, norm: {norm:.4f}")
#> penalty: 0.1029, norm: 3.6863
