# right: recipes/implicit_layer/sparse_solve.py
import torch


def solve(A, b):  # conjugate gradients, with buffers
    x, r, p = torch.zeros_like(b), b.clone(), b.clone()
    Ap = torch.empty_like(b)
    for _ in range(len(b)):
        torch.mv(A, p, out=Ap)
        alpha = (r @ r) / (p @ Ap)
        x, new = x + alpha * p, r - alpha * Ap
        p, r = new + (new @ new) / (r @ r) * p, new
    return x


class Solve(torch.autograd.Function):
    @staticmethod
    def forward(ctx, A, b):
        x = solve(A, b)
        ctx.save_for_backward(A, x)
        return x

    @staticmethod
    def backward(ctx, g):
        A, x = ctx.saved_tensors
        u = solve(A.T, g)  # the raw solver
        return -torch.outer(u, x), u


A = torch.tensor([[2.0, 0.5], [0.5, 1.0]], requires_grad=True)
x = Solve.apply(A, torch.tensor([1.0, 1.0]))
torch.autograd.grad(x.sum(), A, create_graph=True)
#! RuntimeError: mv(): functions with out=... arguments don't support automatic differentiation, but
#!   one of the arguments requires grad.
