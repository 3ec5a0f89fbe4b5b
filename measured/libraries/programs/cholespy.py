"""The solution of a sparse system, with respect to its right-hand side and its entries."""

import torch
from cholespy import CholeskySolverD, MatrixType

from measured.libraries.inside import twice

laplacian = 4 * torch.eye(4) - torch.eye(4).roll(1, 0) - torch.eye(4).roll(-1, 0)
row, column = laplacian.nonzero().T
right, weights = torch.randn(4), torch.rand(4)


def solve(values, b):
    solver = CholeskySolverD(4, row, column, values.detach(), MatrixType.COO)
    x = torch.zeros_like(b)
    solver.solve(b.detach().contiguous(), x)
    return x


class Once(torch.autograd.Function):
    """As it is usually wrapped: the backward pass calls the solver."""

    @staticmethod
    def forward(ctx, values, b):
        ctx.save_for_backward(values)
        return solve(values, b)

    @staticmethod
    def backward(ctx, g):
        return None, solve(*ctx.saved_tensors, g)


class Solve(torch.autograd.Function):
    """The backward pass calls the function itself; the matrix is symmetric."""

    @staticmethod
    def forward(ctx, values, b):
        x = solve(values, b)
        ctx.save_for_backward(values, x)
        return x

    @staticmethod
    def backward(ctx, g):
        values, x = ctx.saved_tensors
        u = Solve.apply(values, g)
        return -u[row] * x[column], u


def entries():
    return (laplacian + torch.diag(weights**2))[row, column]


twice("solve", lambda: solve(entries(), right), [right])
twice("solve in the backward of a Function", lambda: Once.apply(entries(), right), [right])
twice("the Function in its own backward", lambda: Solve.apply(entries(), right), [right, weights])
