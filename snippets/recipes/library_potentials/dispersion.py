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
# --8<-- [start:hessian]
bonded = (r - 1) ** 2
(bonded_r,) = torch.autograd.grad(bonded, r, create_graph=True)
(bonded_rr,) = torch.autograd.grad(bonded_r, r)


def slope(r):  # of the kernel: one derivative is what it has
    r = r.detach().requires_grad_()
    return torch.autograd.grad(Dispersion.apply(r), r)[0]


step = 1e-4
curvature = bonded_rr + (slope(r + step) - slope(r - step)) / (2 * step)
# --8<-- [end:hessian]
E_r = bonded_r + slope(r)
H_rr = round(curvature.item(), 3)
print(f"force {-E_r.item():.3f}, curvature {H_rr}")
#> force -1.351, curvature 0.361
