import torch
from torch import nn
from torch.func import functional_call, grad, jacrev

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x, y = torch.randn(8, 2), torch.randn(8, 1)


def loss(params):
    return (functional_call(net, params, (x,)) - y).pow(2).mean()


params = {n: p.detach() for n, p in net.named_parameters()}
blocks = jacrev(grad(loss), chunk_size=4)(params)
block = blocks["0.weight"]["2.bias"]
shape, symmetric = list(block.shape), torch.allclose(
    block.flatten(), blocks["2.bias"]["0.weight"].flatten(), atol=1e-6
)
print("a block:", shape, "symmetric:", symmetric)
#> a block: [3, 2, 1] symmetric: True
