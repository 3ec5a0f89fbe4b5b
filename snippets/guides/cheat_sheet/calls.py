import torch
from torch.autograd import functional, grad
from torch.func import jacrev, vjp, vmap

torch.manual_seed(0)
x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
v = torch.tensor([3.0, 4.0], dtype=torch.float64)


def f(x):  # (2,) -> ()
    return x[0] ** 2 * x[1] ** 3


def u(x):  # (2,) -> (2,)
    return torch.stack([x[0] * x[1], x[1] ** 2])


# --8<-- [start:gradient]
g = grad(f(x), x, create_graph=True)[0]
print(g.tolist(), g.requires_grad)
#> [16.0, 12.0] True
# --8<-- [end:gradient]
# --8<-- [start:penalty]
penalty = grad(f(x), x, create_graph=True)[0].pow(2).sum()
print(penalty.item(), penalty.requires_grad)
#> 400.0 True
# --8<-- [end:penalty]
# --8<-- [start:penalty-per-sample]
X = torch.stack([x, 2 * x])
G = grad(vmap(f)(X).sum(), X, create_graph=True)[0]
per_sample = G.pow(2).sum(dim=1)
print(per_sample.tolist(), per_sample.requires_grad)
#> [400.0, 102400.0] True
# --8<-- [end:penalty-per-sample]
# --8<-- [start:vjp]
print(grad(u(x), x, grad_outputs=v)[0].tolist())
#> [6.0, 19.0]
# --8<-- [end:vjp]
# --8<-- [start:vjp-func]
print(vjp(u, x)[1](v)[0].tolist())
#> [6.0, 19.0]
# --8<-- [end:vjp-func]
# --8<-- [start:jvp]
print(functional.jvp(u, x, v)[1].tolist())
#> [10.0, 16.0]
# --8<-- [end:jvp]
# --8<-- [start:jacobian]
J = functional.jacobian(u, x, create_graph=True)
print(J.tolist(), J.requires_grad)
#> [[2.0, 1.0], [0.0, 4.0]] True
# --8<-- [end:jacobian]
# --8<-- [start:jacobian-func]
print(jacrev(u)(x).tolist())
#> [[2.0, 1.0], [0.0, 4.0]]
# --8<-- [end:jacobian-func]
# --8<-- [start:jacobian-batched]
y, rows = u(x), torch.eye(2, dtype=x.dtype)
print(grad(y, x, rows, is_grads_batched=True)[0].tolist())
#> [[2.0, 1.0], [0.0, 4.0]]
# --8<-- [end:jacobian-batched]
# --8<-- [start:hessian]
print(functional.hessian(f, x).tolist())
#> [[16.0, 24.0], [24.0, 12.0]]
# --8<-- [end:hessian]
# --8<-- [start:hessian-func]
print(jacrev(jacrev(f))(x).tolist())
#> [[16.0, 24.0], [24.0, 12.0]]
# --8<-- [end:hessian-func]
# --8<-- [start:hvp]
g = grad(f(x), x, create_graph=True)[0]
print(grad(g, x, grad_outputs=v)[0].tolist())
#> [144.0, 120.0]
# --8<-- [end:hvp]
# --8<-- [start:hvp-func]
print(vjp(torch.func.grad(f), x)[1](v)[0].tolist())
#> [144.0, 120.0]
# --8<-- [end:hvp-func]
# --8<-- [start:per-sample]
per_sample_gradients = vmap(torch.func.grad(f))(X)
print(per_sample_gradients.tolist())
#> [[16.0, 12.0], [256.0, 192.0]]
# --8<-- [end:per-sample]
# --8<-- [start:laplacian]
g = grad(f(x), x, create_graph=True)[0]
laplacian = sum(grad(g[i], x, retain_graph=True)[0][i] for i in range(2))
print(laplacian.item())
#> 28.0
# --8<-- [end:laplacian]
# --8<-- [start:laplacian-func]
print(jacrev(jacrev(f))(x).trace().item())
#> 28.0
# --8<-- [end:laplacian-func]
# --8<-- [start:divergence]
print(jacrev(u)(x).trace().item())
#> 6.0
# --8<-- [end:divergence]
# --8<-- [start:third]
d = f(torch.stack([x[0], x[1]]))
for _ in range(3):
    d = grad(d, x, create_graph=True)[0][1]
print(d.item())
#> 6.0
# --8<-- [end:third]
# --8<-- [start:second-column]
x1, x2 = x.detach().unbind(0)
x1, x2 = x1.requires_grad_(), x2.requires_grad_()
g1 = grad(f(torch.stack([x1, x2])), x1, create_graph=True)[0]
print(grad(g1, x2)[0].item())
#> 24.0
# --8<-- [end:second-column]
