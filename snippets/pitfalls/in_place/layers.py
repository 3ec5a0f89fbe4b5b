import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")


class Residual(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.inner, self.activation = nn.Linear(3, 3), activation

    def forward(self, x):
        h = self.inner(x)
        return h.square() + self.activation(h)


# --8<-- [start:ask]
def second_pass(net):
    x = torch.rand(4, 3, requires_grad=True)
    try:
        u = net(x).pow(2).sum()
        slope = torch.autograd.grad(u, x, create_graph=True)[0]
        slope.pow(2).sum().backward()
        return "works"
    except RuntimeError as error:
        return str(error)[:45]


relu, linear = nn.ReLU(inplace=True), nn.Linear(3, 3)
nets = {
    "linear, relu_": (linear, relu),
    "linear, silu_": (linear, nn.SiLU(inplace=True)),
    "batch norm, relu_": (linear, nn.BatchNorm1d(3), relu),
    "tanh, relu_": (linear, nn.Tanh(), relu),
    "softmax, relu_": (linear, nn.Softmax(1), relu),
    "relu, dropout_": (linear, nn.ReLU(), nn.Dropout(inplace=True)),
    "relu_ in a residual": (Residual(relu),),
    "relu_ first": (relu,),
}
for name, layers in nets.items():
    net = nn.Sequential(*layers, nn.Linear(3, 1))
    print(f"{name:20}", second_pass(net))
#> linear, relu_        works
#> linear, silu_        works
#> batch norm, relu_    works
#> tanh, relu_          one of the variables needed for gradient comp
#> softmax, relu_       one of the variables needed for gradient comp
#> relu, dropout_       one of the variables needed for gradient comp
#> relu_ in a residual  one of the variables needed for gradient comp
#> relu_ first          a leaf Variable that requires grad is being u
# --8<-- [end:ask]
