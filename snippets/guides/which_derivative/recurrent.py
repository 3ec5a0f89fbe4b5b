import torch
from torch import nn
from torch.func import grad, vmap

torch.manual_seed(0)
lstm = nn.LSTM(2, 3, batch_first=True).double()


def f(x):  # one sample: (5, 2) -> ()
    state = x.new_zeros(1, 1, 3) + 0 * x.sum()
    return lstm(x[None], (state, state))[0].sum()


X = torch.randn(4, 5, 2, dtype=torch.float64, requires_grad=True)
slopes = vmap(grad(f))(X)
summed = torch.autograd.grad(lstm(X)[0].sum(), X)[0]
print(tuple(slopes.shape), torch.allclose(slopes, summed))
#> (4, 5, 2) True
