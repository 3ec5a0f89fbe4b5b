import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(4, 2)
        self.decoder = nn.Linear(2, 4)

    def encode(self, x):
        return self.encoder(x).tanh()

    def decode(self, z):
        return self.decoder(z).tanh()


torch.manual_seed(0)
net = Autoencoder()
x = torch.randn(8, 4)
# --8<-- [start:loss]
z = torch.compile(net.encode, backend="aot_eager")(x)
output = net.decode(z)  # plain, since it is differentiated twice
slope = torch.autograd.grad(output.sum(), z, create_graph=True)[0]
loss = output.square().mean() + slope.square().mean()
loss.backward()
# --8<-- [end:loss]
gradient = net.encoder.weight.grad

z = net.encode(x)
output = net.decode(z)
slope = torch.autograd.grad(output.sum(), z, create_graph=True)[0]
plain = output.square().mean() + slope.square().mean()
wanted = torch.autograd.grad(plain, net.encoder.weight)[0]
print(torch.allclose(gradient, wanted))
#> True
