# wrong: dT_dw is 74.0, the derivative is 146.0
# right: pitfalls/frameworks/scaled_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
for _ in range(2):
    loss = (w * x**3) ** 2 / 2
    loss_x = torch.autograd.grad(loss, x, create_graph=True)[0]
    total = loss + loss_x**2
    total.backward()
dT_dw = w.grad.item()
print("dT_dw:", dT_dw)
#> dT_dw: 74.0
