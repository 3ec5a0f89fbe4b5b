# wrong: g is [-0.2061, 0.3091, -0.103], the gradient of each own output is [0.0864, 0.4803, 0.0138]
# right: pitfalls/batch_norm/own.py
import torch

x = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)
w = torch.tensor(1.0, requires_grad=True)
norm = torch.nn.BatchNorm1d(1, affine=False)
D = torch.tanh(w * norm(x))[:, 0]
g = torch.autograd.grad(D.sum(), x, create_graph=True)[0][:, 0]
P = ((g.abs() - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("g:", [round(value, 4) for value in g.tolist()])
#> g: [-0.2061, 0.3091, -0.103]
print(f"P: {P:.4f}, dP_dw: {dP_dw:.4f}")
#> P: 0.6374, dP_dw: -0.5646
