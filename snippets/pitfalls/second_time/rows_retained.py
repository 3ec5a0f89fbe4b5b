import torch

x = torch.tensor(3.0, requires_grad=True)
w = torch.tensor([1.0, 2.0], requires_grad=True)
h = w * x**2
rows = [torch.autograd.grad(h_j, x, retain_graph=True)[0] for h_j in h]
print("rows:", torch.stack(rows).tolist())
#> rows: [6.0, 12.0]
