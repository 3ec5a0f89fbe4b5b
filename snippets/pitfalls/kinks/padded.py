# wrong: finite is False, the answer is True
# right: pitfalls/kinks/padded_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 16), nn.SiLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)


# --8<-- [start:energy]
def energy(R, is_atom):  # (atoms, 3), padded with zeros
    i, j = torch.triu_indices(len(R), len(R), offset=1)
    pair = is_atom[i] & is_atom[j]
    # --8<-- [mark]
    squared = (R[i] - R[j]).pow(2).sum(dim=1)
    return (net(squared.sqrt()[:, None])[:, 0] * pair).sum()


# --8<-- [end:energy]
# --8<-- [start:loss]
R = torch.tensor([[0.0, 0, 1], [1, 1, 0], [0, 0, 0], [0, 0, 0]])
R.requires_grad_()
is_atom = torch.tensor([True, True, False, False])
E = energy(R, is_atom)
forces = -torch.autograd.grad(E, R, create_graph=True)[0]
loss = (forces - torch.ones(4, 3))[is_atom].pow(2).mean()
optimizer.zero_grad()
loss.backward()
# --8<-- [end:loss]
grads = [p.grad for p in net.parameters() if p.grad is not None]
finite = all(grad.isfinite().all().item() for grad in grads)
print(f"loss: {loss.item():.3f}, finite gradients: {finite}")
#> loss: 1.001, finite gradients: False
