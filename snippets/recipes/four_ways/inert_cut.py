# wrong: inert is True, the penalty is False
# right: recipes/four_ways/inert_kept.py
import torch


def train(strength):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    x, target = torch.randn(32, 2, requires_grad=True), torch.randn(32, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(20):
        y = net(x)
        (dy_dx,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
        penalty = dy_dx.pow(2).sum(dim=1).mean()
        loss = (y - target).pow(2).mean() + strength * penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.cat([p.detach().flatten() for p in net.parameters()]), penalty.item()


without, penalty_without = train(strength=0.0)
weights, penalty_with = train(strength=1.0)
inert = torch.equal(without, weights)
print(f"the same weights, bit for bit: {inert}")
#> the same weights, bit for bit: True
print(f"penalty: {penalty_without:.3f} without, {penalty_with:.3f} with")
#> penalty: 0.057 without, 0.057 with
