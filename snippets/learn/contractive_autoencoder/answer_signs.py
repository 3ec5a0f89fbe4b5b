from itertools import product
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], requires_grad=True)
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]], requires_grad=True)
b = torch.tensor([0.1, -0.2], requires_grad=True)

h = torch.sigmoid(x @ W.T + b)
estimates = []
for signs in product((-1.0, 1.0), repeat=2):
    v = torch.tensor(signs).expand(2, 2)
    vJ = torch.autograd.grad(
        h, x, v, create_graph=True
    )[0]
    estimates.append(vJ.pow(2).sum())
print([round(estimate.item(), 6) for estimate in estimates])
#> [0.12237, 0.173358, 0.173358, 0.12237]
penalty = torch.stack(estimates).mean()
print(f"mean: {penalty:.6f}")
#> mean: 0.147864
dP_db = torch.autograd.grad(penalty, b)[0]
print([round(value, 6) for value in dP_db.tolist()])
#> [-0.003765, 0.000345]
