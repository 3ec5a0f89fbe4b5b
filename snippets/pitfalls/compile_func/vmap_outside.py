# right: pitfalls/compile_func/vmap_outside_right.py
import torch
from torch.func import grad, vmap


def f(x):
    return (x**3).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
compiled = torch.compile(grad(f), backend="aot_eager", fullgraph=True)
vmap(compiled)(X)
#! torch._dynamo.exc.Unsupported: Unsupported functorch tracing attempt ...
