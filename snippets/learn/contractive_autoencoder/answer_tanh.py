import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], requires_grad=True)
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]])
b = torch.tensor([0.1, -0.2], requires_grad=True)

h = torch.tanh(x @ W.T + b)
P = 0
for h_i in h.T:
    dhi_dx = torch.autograd.grad(
        h_i.sum(), x, create_graph=True
    )[0]
    P = P + dhi_dx.pow(2).sum()
dP_db = torch.autograd.grad(P, b)[0]
print([round(value, 6) for value in dP_db.tolist()])
#> [0.447879, 0.645022]

norm2 = W.pow(2).sum(dim=1)
by_hand = (-4 * h * (1 - h**2).pow(2)).sum(dim=0) * norm2
print([round(value, 6) for value in by_hand.tolist()])
#> [0.447879, 0.645022]
