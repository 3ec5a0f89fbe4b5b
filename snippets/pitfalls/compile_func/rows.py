# right: pitfalls/compile_func/rows_right.py
import torch


def f(x):
    return x**3


x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.compile(f, backend="aot_eager")(x)


def row(v):
    return torch.autograd.grad(y, x, v)[0]


torch.vmap(row)(torch.eye(2))
#! RuntimeError: It looks like you're trying to call a compiled backward function within
#!   vmap/grad/vjp, which isn't supported. Try wrapping vmap inside torch.compile, or skip
#!   compiling the backward function.
