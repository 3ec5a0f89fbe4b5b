import warnings

import torch
from torch.func import hessian, vmap

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)


class PReLU(torch.nn.PReLU):
    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(2, 4), PReLU(), torch.nn.Linear(4, 1)
)
x = torch.randn(3, 2)


def f(x):
    return net(x).square().squeeze()


H = vmap(hessian(f))(x)
print([round(value, 4) for value in H[0].flatten().tolist()])
#> [0.1261, -0.0189, -0.0189, 0.0028]
