import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
penalty = g.pow(2).sum()
total = (w**3).sum() + penalty
total.backward()
dT_dw = w.grad
print("total:", total.item(), "dT_dw:", dT_dw.tolist())
#> total: 162.0 dT_dw: [39.0, 300.0]
