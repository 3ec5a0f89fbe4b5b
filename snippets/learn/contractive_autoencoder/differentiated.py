import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], requires_grad=True)
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]], requires_grad=True)
b = torch.tensor([0.1, -0.2], requires_grad=True)
c = torch.zeros(3)

h = torch.sigmoid(x @ W.T + b)
reconstruction = (h @ W + c - x).pow(2).sum()
P = 0
for h_i in h.T:
    dhi_dx = torch.autograd.grad(
        h_i.sum(), x, create_graph=True
    )[0]
    P = P + dhi_dx.pow(2).sum()
J = reconstruction + 10 * P

penalty = P.detach()
dJ_db = torch.autograd.grad(J, b)[0]
print(f"penalty: {penalty:.6f}")
#> penalty: 0.147864
P_requires_grad = P.requires_grad
print("P.requires_grad:", P_requires_grad)
#> P.requires_grad: True
print("dJ_db:", [round(value, 4) for value in dJ_db.tolist()])
#> dJ_db: [-0.1266, 0.2195]
