# right: pitfalls/recurrent_layers/per_sample_right.py
import torch
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
lstm = torch.nn.LSTM(2, 3).double()
params = dict(lstm.named_parameters())
x = torch.linspace(-1, 1, 40).double().reshape(4, 5, 2)


def loss(params, x):
    return functional_call(lstm, params, (x,))[0].pow(2).sum()


vmap(grad(loss), (None, 0))(params, x)
#! RuntimeError: output with shape [1, 12] doesn't match the broadcast shape [4, 1, 12]
