# uses: recipes/implicit_layer/attached.py
import torch
from attached import attached


class Equilibrium(torch.nn.Module):
    """z = tanh(W z + U x), solved without a graph."""

    def __init__(self, width, inputs):
        super().__init__()
        self.W = torch.nn.Linear(width, width)
        self.U = torch.nn.Linear(inputs, width, bias=False)
        torch.nn.init.orthogonal_(self.W.weight, gain=0.7)

    def forward(self, x, order=1):
        u = self.U(x)
        with torch.no_grad():
            z = torch.zeros_like(u)
            for _ in range(100):
                z = torch.tanh(self.W(z) + u)
        return attached(lambda z: torch.tanh(self.W(z) + u) - z, z, order=order)


torch.manual_seed(0)
layer = Equilibrium(4, 2).double()  # for the checks
x = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
print(torch.autograd.gradcheck(layer, x))
#> True
print(torch.autograd.gradgradcheck(lambda x: layer(x, order=2), x))
#> True
