# timeout: 60
import logging
import warnings

import torch
from torch import nn
from torch.autograd import functional
from torch.func import hessian, jacrev, vjp, vmap

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
torch.manual_seed(0)
encoder = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
X = torch.randn(3, 2)
x, v = X[0], X[1]


def f(x):
    return (x**3).sum()


def g(x):
    return x**3


def rows(call, units):
    leaf = X.clone().requires_grad_()
    h = call(encoder)(leaf)
    return torch.autograd.grad(h, leaf, units, is_grads_batched=True)[0]


units = torch.eye(2).unsqueeze(1).expand(2, 3, 2)


# --8<-- [start:ways]
# Each way runs twice: `c` compiles, or returns what it is given.
ways = {
    "compile(hessian(f))": lambda c: c(hessian(f))(x),
    "compile(vmap(jacrev(jacrev(f))))": lambda c: (
        c(vmap(jacrev(jacrev(f))))(X)
    ),
    "compile of vjp, all inside": lambda c: c(lambda x: vjp(g, x)[1](v)[0])(x),
    "hessian(compile(f))": lambda c: hessian(c(f))(x),
    "is_grads_batched, vectors in full": (
        lambda c: rows(c, units.contiguous())
    ),
    "functional.hessian(compile(f))": lambda c: functional.hessian(c(f), x),
    "compile of functional.hessian": lambda c: (
        c(lambda x: functional.hessian(f, x))(x)
    ),
    "functional.jvp(compile(g))": lambda c: functional.jvp(c(g), x, v)[1],
    "is_grads_batched, expanded vectors": lambda c: rows(c, units),
    "compile of vjp, called outside": lambda c: (
        c(lambda x: vjp(g, x))(x)[1](v)[0]
    ),
    "compile(vmap(hessian(f)))": lambda c: c(vmap(hessian(f)))(X),
}


def compiled(function):
    torch.compiler.reset()
    return torch.compile(function, backend="aot_eager")


found = []
for name, way in ways.items():
    wanted = way(lambda function: function)
    try:
        right = torch.allclose(way(compiled), wanted, atol=1e-5)
        found.append("right" if right else "WRONG")
    except Exception:
        found.append("raises")
    print(f"{name}: {found[-1]}")
#> compile(hessian(f)): right
#> compile(vmap(jacrev(jacrev(f)))): right
#> compile of vjp, all inside: right
#> hessian(compile(f)): right
#> is_grads_batched, vectors in full: right
#> functional.hessian(compile(f)): WRONG
#> compile of functional.hessian: WRONG
#> functional.jvp(compile(g)): raises
#> is_grads_batched, expanded vectors: raises
#> compile of vjp, called outside: raises
#> compile(vmap(hessian(f))): raises
# --8<-- [end:ways]
