# --8<-- [start:setup]
import torch
from torch.autograd import grad, gradcheck

x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
v = x.new_tensor([3.0, 4.0])


def f(x):  # (2,) -> ()
    return x[0] ** 2 * x[1] ** 3


def u(x):  # (2,) -> (2,)
    return torch.stack([x[0] * x[1], x[1] ** 2])
# --8<-- [end:setup]


# --8<-- [start:backward]
f(x).backward()
print(x.grad.tolist())
#> [16.0, 12.0]
# --8<-- [end:backward]
# --8<-- [start:graph]
y = x.exp().sum()
print(y.grad_fn.name(), y.grad_fn.next_functions[0][0].name())
#> SumBackward0 ExpBackward0
# --8<-- [end:graph]
# --8<-- [start:leaf]
print(x.is_leaf, (-x).is_leaf)
#> True False
# --8<-- [end:leaf]
# --8<-- [start:detach]
print(grad((x.detach() * x).sum(), x)[0].tolist())
#> [1.0, 2.0]
# --8<-- [end:detach]
# --8<-- [start:create-graph]
g = grad(f(x), x, create_graph=True)[0]
print(g.tolist(), g.requires_grad)
#> [16.0, 12.0] True
# --8<-- [end:create-graph]
# --8<-- [start:double]
L = f(x) + g.pow(2).sum()
print(grad(L, x)[0].tolist())
#> [1104.0, 1068.0]
# --8<-- [end:double]
# --8<-- [start:retain-graph]
y = f(x)
first, again = grad(y, x, retain_graph=True)[0], grad(y, x)[0]
print(torch.equal(first, again), first.requires_grad)
#> True False
# --8<-- [end:retain-graph]
# --8<-- [start:saved]
y = x.exp().sum()
saved = y.grad_fn.next_functions[0][0]._saved_result
print(torch.equal(saved, x.exp()))
#> True
# --8<-- [end:saved]
# --8<-- [start:jacobian]
J = torch.func.jacrev(u)(x)
print(J.tolist())
#> [[2.0, 1.0], [0.0, 4.0]]
# --8<-- [end:jacobian]
# --8<-- [start:vjp]
print(grad(u(x), x, grad_outputs=v)[0].tolist())
#> [6.0, 19.0]
# --8<-- [end:vjp]
# --8<-- [start:jvp]
w = torch.zeros(2, dtype=x.dtype, requires_grad=True)
pulled = grad(u(x), x, grad_outputs=w, create_graph=True)[0]
print(grad(pulled, w, grad_outputs=v)[0].tolist())
#> [10.0, 16.0]
# --8<-- [end:jvp]
# --8<-- [start:hessian]
H = torch.func.jacrev(torch.func.jacrev(f))(x)
print(H.tolist())
#> [[16.0, 24.0], [24.0, 12.0]]
# --8<-- [end:hessian]
# --8<-- [start:hvp]
g = grad(f(x), x, create_graph=True)[0]
print(grad(g, x, grad_outputs=v)[0].tolist())
#> [144.0, 120.0]
# --8<-- [end:hvp]
# --8<-- [start:laplacian]
print(torch.func.jacrev(torch.func.jacrev(f))(x).trace().item())
#> 28.0
# --8<-- [end:laplacian]
# --8<-- [start:hutchinson]
signs = [torch.tensor([1.0, s], dtype=x.dtype) for s in (1.0, -1.0)]
row = torch.func.vjp(torch.func.grad(f), x)[1]
print([(z @ row(z)[0]).item() for z in signs])
#> [76.0, -20.0]
# --8<-- [end:hutchinson]
# --8<-- [start:penalty]
g = grad(f(x), x, create_graph=True)[0]
penalty = g.pow(2).sum()
print(penalty.item(), penalty.requires_grad)
#> 400.0 True
# --8<-- [end:penalty]
# --8<-- [start:per-sample]
X = torch.stack([x, 2 * x])
print(torch.func.vmap(torch.func.grad(f))(X).tolist())
#> [[16.0, 12.0], [256.0, 192.0]]
# --8<-- [end:per-sample]
# --8<-- [start:inner-step]
g = grad(f(x), x, create_graph=True)[0]
adapted = x - 0.125 * g
print(grad(adapted.sum(), x)[0].tolist())
#> [-4.0, -3.5]
# --8<-- [end:inner-step]
# --8<-- [start:difference]
h = 0.5
step = torch.tensor([0.0, h], dtype=x.dtype)
print(((f(x + step) - f(x - step)) / (2 * h)).item(), gradcheck(f, x))
#> 12.25 True
# --8<-- [end:difference]
# --8<-- [start:curvature]
g = grad(torch.relu(x).sum(), x, create_graph=True)[0]
print(g.tolist(), grad(g.sum(), x)[0].tolist())
#> [1.0, 1.0] [0.0, 0.0]
# --8<-- [end:curvature]
