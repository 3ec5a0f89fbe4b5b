# wrong: dP_dw is -1.5200, the derivative is -0.3520
# right: recipes/gradients_as_weights/irm_product.py
import itertools

import torch

x = torch.tensor([0.0, 1.0, 2.0])  # of one environment, drawn with equal chance
y = torch.tensor([1.0, 0.2, 2.2])
w = torch.tensor(0.9, requires_grad=True)
scale = torch.tensor(1.0, requires_grad=True)


def slope(rows):
    risk = (scale * w * x[rows] - y[rows]).square().mean()
    return torch.autograd.grad(risk, scale, create_graph=True)[0]


batches = [list(rows) for rows in itertools.product(range(3), repeat=2)]
P = sum(slope(rows) ** 2 for rows in batches) / 9  # the mean over all batches
dP_dw = torch.autograd.grad(P, w)[0].item()
print(f"penalty {P.item():.4f}, slope {dP_dw:.4f}")
#> penalty 0.6120, slope -1.5200
