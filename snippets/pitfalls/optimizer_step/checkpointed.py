# wrong: slope is 2.0, the derivative is 4.0
# right: pitfalls/optimizer_step/checkpointed_right.py
import torch
from torch import nn
from torch.func import functional_call
from torch.utils.checkpoint import checkpoint


class Squares(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(1.0))

    def block(self, x):
        return (self.weight * x) ** 2

    def forward(self, x):
        # --8<-- [mark]
        return checkpoint(self.block, x, use_reentrant=False)


net = Squares()
x = torch.tensor(1.0)
fast = torch.tensor(2.0, requires_grad=True)
u = functional_call(net, {"weight": fast}, (x,))
slope = torch.autograd.grad(u, fast)[0].item()
print(f"u: {u}, slope: {slope}")
#> u: 4.0, slope: 2.0
