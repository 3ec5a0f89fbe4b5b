# wrong: dV_ds is [0.5185, 0.2222, -0.1481], the derivative is [0.1344, 0.0576, -0.0384]
# right: recipes/influence_functions/kept.py
import torch

torch.set_default_dtype(torch.float64)
x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])
w = ((x @ y) / (x @ x + 1)).requires_grad_()  # the minimum of the loss

each = (w * x - y).pow(2) / 2
mixed = torch.stack([torch.autograd.grad(one, w, retain_graph=True)[0] for one in each])
H = mixed.pow(2).sum() + 1  # gradients times themselves, and the penalty
(dV_dw,) = torch.autograd.grad((2 * w - 1).pow(2) / 2, w)
dV_ds = (-dV_dw / H * mixed).tolist()
print([round(slope, 4) for slope in dV_ds])
#> [0.5185, 0.2222, -0.1481]
