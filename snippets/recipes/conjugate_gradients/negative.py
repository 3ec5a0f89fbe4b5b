# uses: recipes/conjugate_gradients/direction.py
import torch
from direction import direction

torch.set_default_dtype(torch.float64)
w = torch.tensor([0.5, 1.0], requires_grad=True)
loss = w[0] ** 2 + w[0] - w[1] ** 2 + 4 * w[1]  # a saddle
(g,) = torch.autograd.grad(loss, w, create_graph=True)


def product(v):
    return torch.autograd.grad(g, w, v, retain_graph=True)[0]


b = -g.detach()
curvature = (b @ product(b)).item()
print("p.Hp of the first step:", curvature)
#> p.Hp of the first step: 0.0
naive = b @ b / (b @ product(b) + 1e-8) * b
print("with an epsilon:", [f"{one:.0e}" for one in naive.tolist()])
#> with an epsilon: ['-2e+09', '-2e+09']
x, off, why = direction(product, b)
print(x.tolist(), why)
#> [-2.0, -2.0] curvature 0.0e+00 in step 1
