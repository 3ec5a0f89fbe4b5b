# wrong: H_rr is 2.0, the curvature is 0.361
# right: recipes/library_potentials/dispersion.py
import torch


class Dispersion(torch.autograd.Function):  # stands for a kernel with tables
    @staticmethod
    def forward(ctx, r):
        ctx.slope = (6 * r**-7).detach()
        return -(r**-6)

    @staticmethod
    def backward(ctx, outer):
        return outer * ctx.slope


r = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
bonded = (r - 1) ** 2
E = bonded + Dispersion.apply(r)
(E_r,) = torch.autograd.grad(E, r, create_graph=True)
(curvature,) = torch.autograd.grad(E_r, r)
H_rr = round(curvature.item(), 3)
print(f"force {-E_r.item():.3f}, curvature {H_rr}")
#> force -1.351, curvature 2.0
