# wrong: dL_dw is [1.0, 27.0], the gradient is [19.0, 2943.0]
# right: pitfalls/no_grad/penalty_right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([1.0, 3.0], requires_grad=True)
y = (w * x**3).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
with torch.no_grad():
    penalty = dy_dx.pow(2).sum()
dL_dw = torch.autograd.grad(y + penalty, w)[0]
print("dL_dw:", dL_dw.tolist())
#> dL_dw: [1.0, 27.0]
