# right: recipes/neural_fields/differences.py
import torch


def encode(grid, x):  # stands for an operator with gradients of the grid alone
    return torch.nn.functional.grid_sample(grid, x.detach()[None, None], align_corners=True)


torch.manual_seed(0)
grid = torch.randn(1, 1, 8, 8, requires_grad=True)
x = torch.tensor([[0.3, -0.2], [-0.6, 0.5]], requires_grad=True)
f = encode(grid, x).flatten()
(normals,) = torch.autograd.grad(f.sum(), x, create_graph=True)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
