import torch

x = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)
w = torch.tensor(1.0, requires_grad=True)
norm = torch.nn.BatchNorm1d(1, affine=False)
D = torch.tanh(w * norm(x))[:, 0]
rows = [torch.autograd.grad(one, x, create_graph=True)[0] for one in D]
g = torch.stack([row[i, 0] for i, row in enumerate(rows)])
P = ((g.abs() - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("g:", [round(value, 4) for value in g.tolist()])
#> g: [0.0864, 0.4803, 0.0138]
print(f"P: {P:.4f}, dP_dw: {dP_dw:.4f}")
#> P: 0.6924, dP_dw: -0.0949
