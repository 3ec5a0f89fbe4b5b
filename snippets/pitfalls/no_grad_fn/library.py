# right: pitfalls/no_grad_fn/library_right.py
import torch
from torch import nn

torch.manual_seed(0)
positions, target = torch.randn(8, 3), torch.randn(8, 3)


# --8<-- [start:forces]
class Potential(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))

    def forward(self, positions):
        positions = positions.detach().requires_grad_()
        energy = self.net(positions).sum()
        # --8<-- [mark]
        slope = torch.autograd.grad(
            energy, positions, create_graph=self.training
        )[0]
        return energy, -slope


model = Potential().eval()
energy, forces = model(positions)
(forces - target).pow(2).mean().backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:forces]
