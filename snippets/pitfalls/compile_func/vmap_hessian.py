# right: pitfalls/compile_func/vmap_hessian_right.py
import logging
import warnings

import torch
from torch.func import hessian, vmap

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def f(x):
    return (x**3).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
torch.compile(vmap(hessian(f)), backend="aot_eager")(X)
#! torch._dynamo.exc.TorchRuntimeError: RuntimeError when making fake tensor call ...
