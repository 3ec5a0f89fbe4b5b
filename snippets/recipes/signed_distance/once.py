# uses: recipes/signed_distance/eikonal.py
import torch
from eikonal import difference_gradient, eikonal_loss, field_gradient
from torch.autograd.function import once_differentiable
from torch.nn.functional import grid_sample


class Encoding(torch.autograd.Function):  # stands for a compiled one
    @staticmethod
    def forward(ctx, grid, x):
        ctx.save_for_backward(grid, x)
        return grid_sample(grid, x, align_corners=True)

    @staticmethod
    @once_differentiable
    def backward(ctx, outer):
        saved = [t.detach().requires_grad_() for t in ctx.saved_tensors]
        with torch.enable_grad():
            out = grid_sample(*saved, align_corners=True)
        return torch.autograd.grad(out, saved, outer)


torch.manual_seed(0)
grid = torch.randn(1, 1, 8, 8, requires_grad=True)
points = torch.tensor([[0.3, -0.2], [-0.6, 0.5]])
field = lambda x: Encoding.apply(grid, x[None, None]).flatten()
try:
    field_gradient(field, points)
except RuntimeError as refused:
    print(str(refused)[:33])
#> the gradient of the field is a co

g = difference_gradient(field, points, step=2 / 7)  # the width of a cell
loss = eikonal_loss(g)
loss.backward()
print(f"{loss.item():.3f}, corners trained: {(grid.grad != 0).sum().item()}")
#> 0.414, corners trained: 24
