# wrong: dT_dw is [162.0, 324.0], the gradient is [234.0, 468.0]
# right: pitfalls/second_time/rows_penalty.py
import torch

x = torch.tensor(3.0, requires_grad=True)
w = torch.tensor([1.0, 2.0], requires_grad=True)
h = w * x**2
rows = [torch.autograd.grad(h_j, x, retain_graph=True)[0] for h_j in h]
total = h.pow(2).sum() + torch.stack(rows).pow(2).sum()
total.backward()
dT_dw = w.grad
print("total:", total.item(), "dT_dw:", dT_dw.tolist())
#> total: 585.0 dT_dw: [162.0, 324.0]
