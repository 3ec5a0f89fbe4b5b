import torch

torch.set_default_dtype(torch.float64)


def eigenpair(A, k, order=2):
    """Eigenvalue and eigenvector k of symmetric matrices (..., n, n)."""
    values, vectors = torch.linalg.eigh(A.detach())
    value, v = values[..., k], vectors[..., k]
    n = v.shape[-1]
    shift = value[..., None, None] * torch.eye(n).to(A)
    shifted = A.detach() - shift
    top = torch.cat([shifted, -v[..., None]], dim=-1)
    side = torch.cat([v, torch.zeros_like(v[..., :1])], dim=-1)
    J = torch.cat([top, side[..., None, :]], dim=-2)  # a constant
    for _ in range(order):  # a step of Newton's method for each order
        r = (A @ v[..., None])[..., 0] - value[..., None] * v
        length = ((v * v).sum(-1, keepdim=True) - 1) / 2
        step = torch.linalg.solve(J, torch.cat([r, length], dim=-1))
        v, value = v - step[..., :n], value - step[..., n]
    return value, v


a = torch.diag(torch.tensor([1.0, 1.0, 3.0]))
b = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 1.0], [0.5, 1.0, 0.3]])
t = torch.tensor(0.0, requires_grad=True)
value, v = eigenpair(a + t * b, -1)
first = torch.autograd.grad(value, t, create_graph=True)[0]
second = torch.autograd.grad(first, t, retain_graph=True)[0].item()
print(f"value {value:.1f}, first {first:.1f}, second {second:.2f}")
#> value 3.0, first 0.3, second 1.25
weight = v[0] ** 2  # a function of the vector, without its sign
slope = torch.autograd.grad(weight, t, create_graph=True)[0]
bend = torch.autograd.grad(slope, t)[0].item()
print(f"v[0]^2: second derivative {bend:.3f}")
#> v[0]^2: second derivative 0.125
