# --8<-- [start:setup]
import torch
from torch import nn
from torch.func import functional_call, grad, jacrev, vjp, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
params = {name: p.detach() for name, p in net.named_parameters()}
X, T = torch.randn(2, 4, 2, dtype=torch.float64)  # 4 samples of 2 numbers
T = T[:, 0]


def f(params, x):
    """One sample, or a batch: (..., 2) -> (...)."""
    return functional_call(net, params, (x,)).squeeze(-1)


def loss(params, X, T):
    """A batch, or one sample."""
    return (f(params, X) - T).pow(2).mean()


def shape(tree):
    if isinstance(tree, dict):
        return {name: shape(one) for name, one in tree.items()}
    return tuple(tree.shape)
# --8<-- [end:setup]


# --8<-- [start:batch]
g = grad(loss)(params, X, T)
print(shape(g))
#> {'0.weight': (3, 2), '0.bias': (3,), '2.weight': (1, 3), '2.bias': (1,)}
to_bias = g["2.bias"].item()
print("of the last bias:", round(to_bias, 4))
#> of the last bias: -1.4447
# --8<-- [end:batch]
# --8<-- [start:per-sample]
each = vmap(grad(loss), in_dims=(None, 0, 0))(params, X, T)
print(shape(each))
#> {'0.weight': (4, 3, 2), '0.bias': (4, 3), '2.weight': (4, 1, 3), '2.bias': (4, 1)}
# --8<-- [end:per-sample]
# --8<-- [start:input]
slopes = vmap(grad(f, argnums=1), in_dims=(None, 0))(params, X)
print(shape(slopes))
#> (4, 2)
leaf = X.clone().requires_grad_()
total = f(params, leaf).sum()
summed = torch.autograd.grad(total, leaf, create_graph=True)[0]
print(torch.allclose(summed, slopes), summed.requires_grad)
#> True True
# --8<-- [end:input]
# --8<-- [start:input-batch]
J = jacrev(f, argnums=1)(params, X)
print(shape(J))
#> (4, 4, 2)
mixed = J[~torch.eye(4, dtype=torch.bool)]
print("samples mix:", bool(mixed.abs().max() > 0))
#> samples mix: False
# --8<-- [end:input-batch]
# --8<-- [start:input-hessian]
twice = jacrev(jacrev(f, argnums=1), argnums=1)
H_x = vmap(twice, in_dims=(None, 0))(params, X)
print(shape(H_x))
#> (4, 2, 2)
# --8<-- [end:input-hessian]
# --8<-- [start:input-product]
V = X.flip(0)  # a vector for each sample
H_x_V = torch.autograd.grad(summed, leaf, V)[0]
print(shape(H_x_V), torch.allclose(H_x_V, (H_x @ V[..., None])[..., 0]))
#> (4, 2) True
# --8<-- [end:input-product]
# --8<-- [start:cross]
cross = vmap(jacrev(grad(f, argnums=1)), in_dims=(None, 0))(params, X)
print(shape(cross))
#> {'0.weight': (4, 2, 3, 2), '0.bias': (4, 2, 3), '2.weight': (4, 2, 1, 3), '2.bias': (4, 2, 1)}
# --8<-- [end:cross]


# --8<-- [start:vector]
sizes = [p.numel() for p in params.values()]
theta = torch.cat([p.flatten() for p in params.values()])


def as_dict(theta):
    parts = zip(params.items(), theta.split(sizes))
    return {name: part.view_as(p) for (name, p), part in parts}


def L(theta):
    return loss(as_dict(theta), X, T)
# --8<-- [end:vector]


# --8<-- [start:module]
H = jacrev(jacrev(L))(theta)
print(shape(H), "symmetric:", torch.allclose(H, H.T))
#> (13, 13) symmetric: True
# --8<-- [end:module]
# --8<-- [start:product]
v = torch.randn(13, dtype=torch.float64)
row = vjp(grad(L), theta)[1]
Hv = row(v)[0]
print(shape(Hv), torch.allclose(Hv, H @ v))
#> (13,) True
# --8<-- [end:product]


# --8<-- [start:block]
def L_of_head(weight):
    return loss({**params, "2.weight": weight}, X, T)


block = jacrev(jacrev(L_of_head))(params["2.weight"]).view(3, 3)
print(shape(block), torch.allclose(block, H[9:12, 9:12]))
#> (3, 3) True
# --8<-- [end:block]
# --8<-- [start:diagonal]
diagonal = vmap(lambda e: row(e)[0] @ e)(torch.eye(13, dtype=torch.float64))
print(shape(diagonal), torch.allclose(diagonal, H.diag()))
#> (13,) True
# --8<-- [end:diagonal]
# --8<-- [start:estimate]
signs = torch.randint(0, 2, (1000, 13)) * 2.0 - 1
estimate = vmap(lambda z: row(z)[0] * z)(signs.double()).mean(0)
off = (estimate - diagonal).abs().max() / diagonal.abs().max()
print(shape(estimate), "close:", bool(off < 0.1))
#> (13,) close: True
# --8<-- [end:estimate]
# --8<-- [start:product-each]
def product(x, t):
    own = lambda theta: loss(as_dict(theta), x, t)
    return vjp(grad(own), theta)[1](v)[0]


products = vmap(product)(X, T)
print(shape(products), torch.allclose(products.mean(0), Hv))
#> (4, 13) True
# --8<-- [end:product-each]
# --8<-- [start:both]
def gradient_twice(theta):
    g = grad(L)(theta)
    return g, g  # the second is handed through


H_again, g_theta = jacrev(gradient_twice, has_aux=True)(theta)
print(shape(H_again), shape(g_theta))
#> (13, 13) (13,)
# --8<-- [end:both]
