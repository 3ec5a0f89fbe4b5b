"""Spherical and solid harmonics, and forces made of them, with respect to positions and weights."""

import sphericart.torch
import torch

from measured.libraries.inside import once, twice

place, weights = torch.randn(4, 3), torch.randn(16)


def forces(harmonics):
    place.requires_grad_()
    energy = torch.tanh(harmonics.compute(place) @ weights).sum()
    return torch.autograd.grad(energy, place, create_graph=True)[0]


for kind in (sphericart.torch.SphericalHarmonics, sphericart.torch.SolidHarmonics):
    harmonics = kind(3)
    twice(kind.__name__, lambda f=harmonics: f.compute(place), [place])
    once(f"forces of {kind.__name__}", lambda f=harmonics: forces(f), [place, weights])
