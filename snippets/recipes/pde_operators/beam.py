# timeout: 60
# uses: recipes/pde_operators/taylor.py
import torch
from taylor import derivatives
from torch.nn import Linear, Sequential, Tanh

torch.manual_seed(0)
net = Sequential(Linear(1, 24), Tanh(), Linear(24, 24), Tanh(), Linear(24, 1))
x = torch.linspace(0, 1, 32)[:, None]
optimizer = torch.optim.LBFGS(
    net.parameters(),
    max_iter=300,
    history_size=50,
    tolerance_grad=0,
    tolerance_change=0,
    line_search_fn="strong_wolfe",
)


# --8<-- [start:train]
def closure():
    optimizer.zero_grad()
    u, u_x, u_xx, u_xxx, u_xxxx = derivatives(net, x, torch.ones(1), 4)
    clamped = u[0].square() + u_x[0].square()
    free = u_xx[-1].square() + u_xxx[-1].square()
    loss = (u_xxxx - 1).square().mean() + (clamped + free).sum()
    loss.backward()
    return loss


optimizer.step(closure)
exact = x**2 * (6 - 4 * x + x**2) / 24
error = ((net(x) - exact).abs().max() / exact.max()).item()
print(f"within a thousandth: {error < 1e-3}")
#> within a thousandth: True
# --8<-- [end:train]
