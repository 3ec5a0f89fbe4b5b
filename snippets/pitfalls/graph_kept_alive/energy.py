import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.SiLU(), nn.Linear(8, 1))


def predict(positions):
    positions = positions.detach().requires_grad_()
    energy = net(positions).sum()
    forces = -torch.autograd.grad(energy, positions)[0]
    return energy, forces


energy, forces = predict(torch.randn(4, 3))
print("energy keeps a graph:", energy.requires_grad)
#> energy keeps a graph: True
print("forces keep a graph:", forces.requires_grad)
#> forces keep a graph: False
