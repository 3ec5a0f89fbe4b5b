# uses: recipes/lissa/lissa.py
import torch
from lissa import hessian_product, inverse_product

eigenvalues = torch.tensor([0.1, 1.0, 20.0])
w = torch.zeros(3, requires_grad=True)
H = hessian_product((eigenvalues * w.square()).sum() / 2, [w])
v = [torch.ones(3)]

added, offs = 25 * 0.01, []
for scale, damping in ((25, 0), (25, 0.01), (40, 0)):
    (u,) = inverse_product(H, v, scale=scale, damping=damping)
    print(scale, damping, [f"{x:.2f}" for x in u.tolist()])
    exact = 1 / (eigenvalues + scale * damping)
    offs.append(((u - exact).norm() / exact.norm()).item())
#> 25 0 ['10.00', '1.00', '0.05']
#> 25 0.01 ['2.86', '0.80', '0.05']
#> 40 0 ['10.00', '1.00', '0.05']
try:
    inverse_product(H, v, scale=9)
except RuntimeError as refused:
    print(str(refused)[:14])
#> LiSSA diverges
