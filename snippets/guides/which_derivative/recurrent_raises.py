# right: guides/which_derivative/recurrent.py
import torch
from torch import nn
from torch.func import grad, vmap

lstm = nn.LSTM(2, 3, batch_first=True).double()


def f(x):  # one sample: (5, 2) -> ()
    return lstm(x[None])[0].sum()


vmap(grad(f))(torch.randn(4, 5, 2, dtype=torch.float64))
#! RuntimeError: output with shape [1, 12] doesn't match the broadcast shape [4, 1, 12]
