# wrong: dz_dx is [1.098, -0.0783], the derivative is [1.098, 0.6128]
# right: recipes/implicit_layer/hook_transposed.py
import torch

W = torch.tensor([[0.2, 0.6], [-0.1, 0.3]], requires_grad=True)
x = torch.tensor([0.5, -0.4], requires_grad=True)
with torch.no_grad():
    z = torch.zeros(2)
    for _ in range(100):
        z = torch.tanh(W @ z + x)
    J = (1 - z**2)[:, None] * W

z = torch.tanh(W @ z + x)  # once more, with a graph
z.register_hook(lambda g: torch.linalg.solve(torch.eye(2) - J, g))
(slope,) = torch.autograd.grad(z[0], x)
dz_dx = [round(s, 4) for s in slope.tolist()]
print(dz_dx)
#> [1.098, -0.0783]
