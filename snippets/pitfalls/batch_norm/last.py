import torch

x = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)
w = torch.tensor(1.0, requires_grad=True)
norm = torch.nn.BatchNorm1d(1, affine=False)
D = w * norm(x)[:, 0]
rows = [torch.autograd.grad(one, x, retain_graph=True)[0] for one in D]
own = [row[i].item() for i, row in enumerate(rows)]
g = torch.autograd.grad(D.sum(), x, create_graph=True)[0]
P = ((g.abs() - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
vanished = g.abs().max().item() < 1e-5 and dP_dw.abs().item() < 1e-5
print("own:", [round(value, 4) for value in own])
#> own: [0.2291, 0.5154, 0.0573]
print(f"P: {P:.4f}, gradients below 1e-5: {vanished}")
#> P: 1.0000, gradients below 1e-5: True
