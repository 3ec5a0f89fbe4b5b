# wrong: dP_dw is [360.0, 2880.0], the gradient is [3600.0, 28800.0]
# right: pitfalls/in_place/scaled_right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
with torch.no_grad():
    g.mul_(10)
penalty = g.pow(2).sum()
dP_dw = torch.autograd.grad(penalty, w)[0]
print("penalty:", penalty.item(), "dP_dw:", dP_dw.tolist())
#> penalty: 15300.0 dP_dw: [360.0, 2880.0]
