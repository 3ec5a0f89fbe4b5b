import torch
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
lstm = torch.nn.LSTM(2, 3).double()
params = dict(lstm.named_parameters())
x = torch.linspace(-1, 1, 40).double().reshape(4, 5, 2)


def loss(params, x):
    # --8<-- [mark]
    zeros = 0 * x[:1, :1].expand(1, 3)
    output, _ = functional_call(lstm, params, (x, (zeros, zeros)))
    return output.pow(2).sum()


per_sample = vmap(grad(loss), (None, 0))(params, x)["weight_hh_l0"]
print([round(g.norm().item(), 4) for g in per_sample])
#> [0.7684, 0.7426, 0.1524, 0.4701]
