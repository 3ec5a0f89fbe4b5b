import torch
from torch.func import grad


def c(a, b):
    return a * a * b


dc_da = grad(c, create_graph=True)(torch.tensor(1.0), torch.tensor(2.0))
#! TypeError: grad() got an unexpected keyword argument 'create_graph'
