# wrong: dT_dw is -0.1163, the derivative is -0.3008
# right: pitfalls/advice_retain_graph/right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
y = torch.tanh(w * x)
y_x = torch.autograd.grad(y, x, retain_graph=True)[0]
total = (y - 0.9) ** 2 + y_x**2
total.backward()
dT_dw = w.grad
print(f"total: {total:.4f}, dT_dw: {dT_dw:.4f}")
#> total: 0.1955, dT_dw: -0.1163
