"""Energies and forces of an ANI model, with respect to positions and weights."""

import torch
import torchani

from measured.libraries.inside import once, twice

numbers = torch.tensor([[0, 1, 1]])
place = torch.tensor([[[0.0, 0.0, 0.1], [0.0, 0.8, -0.5], [0.1, -0.7, -0.5]]])
aev = torchani.AEVComputer.like_2x(num_species=2).double()
net = torch.nn.Sequential(
    torch.nn.Linear(aev.out_dim, 4), torch.nn.CELU(0.1), torch.nn.Linear(4, 1)
)


def energy():
    return net(aev(numbers, place)).sum(dim=(1, 2))


def forces():
    place.requires_grad_()
    return -torch.autograd.grad(energy().sum(), place, create_graph=True)[0]


weights = list(net.parameters())
twice("AEVComputer", energy, [place, *weights])
once("forces", forces, [place, *weights])
