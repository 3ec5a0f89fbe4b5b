import torch

torch.set_default_dtype(torch.float64)
A = torch.tensor([[2.0, 0.5], [0.5, 1.0]])
rho = torch.tensor(0.3, requires_grad=True)


def g(w):  # of the loss in training
    return A @ w + rho.exp() * w + 0.4 * w**3 - torch.tensor([1.0, -1.0])


def gradient_step(rate):
    return lambda w: w - rate * g(w)


def newton_step(w):
    H = torch.autograd.functional.jacobian(g, w.detach())
    return w - torch.linalg.solve(H, g(w))  # its Jacobian is a constant


with torch.no_grad():
    w = torch.zeros(2)
    for _ in range(300):
        w = gradient_step(0.2)(w)


# --8<-- [start:hypergradient]
def hypergradient(step, terms=None):
    at = w.clone().requires_grad_()
    moved, v = step(at), w - 1  # v: of the loss on validation, |w - 1|^2 / 2
    rows = [torch.autograd.grad(m, at, retain_graph=True)[0] for m in moved]
    J = torch.stack(rows)
    if terms is None:
        u = torch.linalg.solve(torch.eye(2) - J.T, v)
    else:  # the sum of J^T to the power of k
        u = v
        for _ in range(terms):
            u = v + J.T @ u
    return torch.autograd.grad(moved, rho, u)[0].item()


# --8<-- [end:hypergradient]
# --8<-- [start:compare]
maps = {"rate 0.01": gradient_step(0.01), "rate 0.2": gradient_step(0.2), "Newton": newton_step}
solved, ten = {}, {}
for name, step in maps.items():
    solved[name], ten[name] = hypergradient(step), hypergradient(step, terms=10)
    print(f"{name}: {solved[name]:.5f}, with ten terms {ten[name]:.5f}")
#> rate 0.01: -0.30468, with ten terms -0.06543
#> rate 0.2: -0.30468, with ten terms -0.30441
#> Newton: -0.30468, with ten terms -0.30468
# --8<-- [end:compare]
solved, ten = list(solved.values()), list(ten.values())
