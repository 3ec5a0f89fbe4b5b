# right: pitfalls/compile/outputs_right.py
import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(4, 2)
        self.decoder = nn.Linear(2, 4)

    def forward(self, x):
        z = self.encoder(x).tanh()
        return self.decoder(z).tanh(), z


torch.manual_seed(0)
net = Autoencoder()
x = torch.randn(8, 4)
# --8<-- [start:loss]
output, z = torch.compile(net, backend="aot_eager")(x)
slope = torch.autograd.grad(output.sum(), z, create_graph=True)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the graph.
#!   Set allow_unused=True if this is the desired behavior.
# --8<-- [end:loss]
