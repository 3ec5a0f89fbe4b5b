# wrong: dL_da is -0.563, the derivative is -1.021
# right: recipes/flows_and_neural_odes/adjoint_kept.py
import torch

torch.set_default_dtype(torch.float64)
h = 0.001


class Solve(torch.autograd.Function):  # dy/dt = -a y**2, from 0 to 1
    @staticmethod
    def forward(ctx, y, a):
        ys = [y]
        for _ in range(1000):
            ys.append(ys[-1] - h * a * ys[-1] ** 2)
        ctx.save_for_backward(a, *ys)
        return ys[-1]

    @staticmethod
    def backward(ctx, lam):
        a, *ys = ctx.saved_tensors
        lam_a = torch.zeros(())
        with torch.no_grad():
            for y in reversed(ys[:-1]):
                lam_a = lam_a - h * lam * y**2
                lam = lam - 2 * h * lam * a * y
        return lam, lam_a


y0 = torch.tensor(1.2, requires_grad=True)
a = torch.tensor(0.5, requires_grad=True)
y1 = Solve.apply(y0, a)
(g,) = torch.autograd.grad(y1, y0, create_graph=True)
L = y1 + g**2
(dL_da,) = torch.autograd.grad(L, a)
print(round(dL_da.item(), 3))
#> -0.563
