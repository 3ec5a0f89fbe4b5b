import torch
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve


class Solve(torch.autograd.Function):
    """x in A x = b, for a sparse A of values at (row, column)."""

    @staticmethod
    def forward(ctx, values, row, column, b):
        entries = values.detach().numpy(), (row.numpy(), column.numpy())
        A = coo_matrix(entries, shape=(len(b), len(b))).tocsc()
        x = torch.from_numpy(spsolve(A, b.detach().numpy()))
        ctx.save_for_backward(values, row, column, x)
        return x

    @staticmethod
    def backward(ctx, g):
        values, row, column, x = ctx.saved_tensors
        # --8<-- [mark]
        u = Solve.apply(values, column, row, g)  # A transposed
        return -u[row] * x[column], None, None, u


row, column = torch.tensor([[0, 0, 1, 1, 2], [0, 2, 1, 0, 2]])
values = torch.tensor([2.0, 0.5, 1.0, -0.3, 1.5], dtype=torch.float64, requires_grad=True)
b = torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64, requires_grad=True)
solve = lambda values, b: Solve.apply(values, row, column, b)
print(torch.autograd.gradcheck(solve, (values, b)))
#> True
print(torch.autograd.gradgradcheck(solve, (values, b)))
#> True
