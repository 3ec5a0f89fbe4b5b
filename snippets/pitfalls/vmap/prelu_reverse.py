import torch
from torch.func import jacrev, vmap

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(2, 4), torch.nn.PReLU(), torch.nn.Linear(4, 1)
)
x = torch.randn(3, 2)


def f(x):
    return net(x).square().squeeze()


vmap(jacrev(jacrev(f)))(x)
#! RuntimeError: split_with_sizes expects split_sizes to sum exactly to 3
#!   (input tensor's size at dimension 1), but got split_sizes=[1]
