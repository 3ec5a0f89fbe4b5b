import warnings

# --8<-- [start:setup]
import torch
from torch.autograd import functional, grad, gradcheck, gradgradcheck
from torch.func import functional_call, hessian, jacfwd, jacrev, jvp, vjp, vmap

x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
v = torch.tensor([3.0, 4.0], dtype=torch.float64)
X = torch.stack([x, 2 * x])  # two samples


def f(x):  # (2,) -> ()
    return x[0] ** 2 * x[1] ** 3


def u(x):  # (2,) -> (2,)
    return torch.stack([x[0] * x[1], x[1] ** 2])
# --8<-- [end:setup]


# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)


# --8<-- [start:gradient]
g = grad(f(x), x, create_graph=True)[0]
print(g.tolist(), g.requires_grad)
#> [16.0, 12.0] True
g = torch.func.grad(f)(x)
print(g.tolist(), g.requires_grad)
#> [16.0, 12.0] True
# --8<-- [end:gradient]
# --8<-- [start:penalty]
g = grad(f(x), x, create_graph=True)[0]
penalty = g.pow(2).sum()
print(penalty.item(), penalty.requires_grad)
#> 400.0 True
# --8<-- [end:penalty]
# --8<-- [start:penalty-per-sample]
G = grad(vmap(f)(X).sum(), X, create_graph=True)[0]
penalties = G.pow(2).sum(dim=1)
print(penalties.tolist(), penalties.requires_grad)
#> [400.0, 102400.0] True
# --8<-- [end:penalty-per-sample]
# --8<-- [start:per-sample]
print(vmap(torch.func.grad(f))(X).tolist())
#> [[16.0, 12.0], [256.0, 192.0]]
# --8<-- [end:per-sample]
# --8<-- [start:per-sample-network]
net = torch.nn.Linear(2, 1, bias=False)


def loss(params, x):
    return functional_call(net, params, (x,)).pow(2).sum()


params = {"weight": v.unsqueeze(0)}
per_sample = vmap(torch.func.grad(loss), in_dims=(None, 0))
print(per_sample(params, X)["weight"][:, 0].tolist())
#> [[22.0, 44.0], [88.0, 176.0]]
# --8<-- [end:per-sample-network]
# --8<-- [start:vjp]
print(grad(u(x), x, grad_outputs=v)[0].tolist())
#> [6.0, 19.0]
print(functional.vjp(u, x, v)[1].tolist())
#> [6.0, 19.0]
print(vjp(u, x)[1](v)[0].tolist())
#> [6.0, 19.0]
# --8<-- [end:vjp]
# --8<-- [start:jvp]
print(functional.jvp(u, x, v)[1].tolist())
#> [10.0, 16.0]
print(jvp(u, (x,), (v,))[1].tolist())
#> [10.0, 16.0]
# --8<-- [end:jvp]
# --8<-- [start:jacobian]
y, rows = u(x), torch.eye(2, dtype=x.dtype)
J = grad(y, x, rows, is_grads_batched=True)[0]
print(J.tolist())
#> [[2.0, 1.0], [0.0, 4.0]]
J = functional.jacobian(u, x, create_graph=True)
print(J.tolist(), J.requires_grad)
#> [[2.0, 1.0], [0.0, 4.0]] True
J = jacrev(u)(x)
print(J.tolist(), J.requires_grad)
#> [[2.0, 1.0], [0.0, 4.0]] True
print(jacfwd(u)(x).tolist())
#> [[2.0, 1.0], [0.0, 4.0]]
# --8<-- [end:jacobian]
# --8<-- [start:hessian]
H = functional.hessian(f, x, create_graph=True)
print(H.tolist(), H.requires_grad)
#> [[16.0, 24.0], [24.0, 12.0]] True
H = jacrev(jacrev(f))(x)
print(H.tolist(), H.requires_grad)
#> [[16.0, 24.0], [24.0, 12.0]] True
print(hessian(f)(x).tolist())  # jacfwd(jacrev(f))
#> [[16.0, 24.0], [24.0, 12.0]]
# --8<-- [end:hessian]
# --8<-- [start:hvp]
g = grad(f(x), x, create_graph=True)[0]
print(grad(g, x, grad_outputs=v)[0].tolist())
#> [144.0, 120.0]
print(functional.vhp(f, x, v)[1].tolist())
#> [144.0, 120.0]
print(functional.hvp(f, x, v)[1].tolist())
#> [144.0, 120.0]
print(vjp(torch.func.grad(f), x)[1](v)[0].tolist())
#> [144.0, 120.0]
print(jvp(torch.func.grad(f), (x,), (v,))[1].tolist())
#> [144.0, 120.0]
# --8<-- [end:hvp]
# --8<-- [start:laplacian]
G = grad(vmap(f)(X).sum(), X, create_graph=True)[0]
laplacian = sum(
    grad(G[:, i].sum(), X, create_graph=True)[0][:, i]
    for i in range(2)
)
print(laplacian.tolist(), laplacian.requires_grad)
#> [28.0, 224.0] True
print(jacrev(jacrev(f))(x).trace().item())
#> 28.0
# --8<-- [end:laplacian]
# --8<-- [start:divergence]
U = vmap(u)(X)
divergence = sum(
    grad(U[:, i].sum(), X, create_graph=True)[0][:, i]
    for i in range(2)
)
print(divergence.tolist(), divergence.requires_grad)
#> [6.0, 12.0] True
print(jacrev(u)(x).trace().item())
#> 6.0
# --8<-- [end:divergence]
# --8<-- [start:mixed]
g = grad(f(x), x, create_graph=True)[0]
print(grad(g[0], x)[0][1].item())
#> 24.0
# --8<-- [end:mixed]
# --8<-- [start:third]
d = f(x)
for _ in range(3):
    d = grad(d, x, create_graph=True)[0][1]
print(d.item())
#> 6.0
# --8<-- [end:third]
# --8<-- [start:check]
print(gradcheck(f, x), gradgradcheck(f, x, fast_mode=True))
#> True True
# --8<-- [end:check]
