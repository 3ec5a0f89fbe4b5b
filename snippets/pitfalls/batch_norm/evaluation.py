import torch

x = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)
w = torch.tensor(1.0, requires_grad=True)
norm = torch.nn.BatchNorm1d(1, affine=False, momentum=1.0)
norm(x)
norm.eval()
D = torch.tanh(w * norm(x))[:, 0]
g = torch.autograd.grad(D.sum(), x, create_graph=True)[0][:, 0]
P = ((g.abs() - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("g:", [round(value, 4) for value in g.tolist()])
#> g: [0.3313, 0.6244, 0.2385]
print(f"P: {P:.4f}, dP_dw: {dP_dw:.4f}")
#> P: 0.3894, dP_dw: -0.0186
