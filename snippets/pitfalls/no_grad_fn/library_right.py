import torch
from torch import nn

torch.manual_seed(0)
positions, target = torch.randn(8, 3), torch.randn(8, 3)


# --8<-- [start:forces]
class Potential(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))

    def forward(self, positions, create_graph=False):
        positions = positions.detach().requires_grad_()
        energy = self.net(positions).sum()
        # --8<-- [mark]
        slope = torch.autograd.grad(
            energy, positions, create_graph=create_graph
        )[0]
        return energy, -slope


model = Potential().eval()
energy, forces = model(positions, create_graph=True)
(forces - target).pow(2).mean().backward()
lost = [name for name, p in model.named_parameters() if p.grad is None]
print("without a gradient:", lost)
#> without a gradient: ['net.2.bias']
# --8<-- [end:forces]
