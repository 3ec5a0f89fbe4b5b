import itertools

import torch

W = torch.tensor([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]], requires_grad=True)
x = torch.tensor([[0.5, -1.0], [1.0, 2.0]], requires_grad=True)
h = torch.tanh(x @ W.T)


# --8<-- [start:projected]
def projected(h, x, signs):
    Jv = torch.autograd.grad(h, x, signs, create_graph=True)[0]
    return Jv.pow(2).sum()


one = projected(h, x, torch.randn_like(h).sign())
# --8<-- [end:projected]
# What a random row gives on average, the same row for both samples.
rows = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=3)))
P = sum(projected(h, x, row.expand(2, 3)) for row in rows) / 8
dP_dW = torch.autograd.grad(P, W)[0]
print(f"on average: {P:.4f}")
#> on average: 1.0279
print("dP_dW:", [round(value, 4) for value in dP_dW.flatten().tolist()])
#> dP_dW: [0.3609, -0.4605, 0.0923, 0.4065, -0.4261, 1.9953]
