import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
x, y = torch.randn(8, 3), torch.randn(8)
w = torch.randn(3, requires_grad=True)


def partial_loss(w):
    return ((torch.tanh(x @ w) - y) ** 2).mean()


g = torch.autograd.grad(
    partial_loss(w), w, create_graph=True
)[0]
norm = torch.linalg.vector_norm(g)
by_backward = torch.autograd.grad(norm, w)[0]

H = torch.autograd.functional.hessian(partial_loss, w)
by_hessian = H @ g / norm
print(torch.allclose(by_backward, by_hessian))
#> True
print([round(value, 4) for value in by_backward.tolist()])
#> [-0.122, -0.1662, -0.0492]
