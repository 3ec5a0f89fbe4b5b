import torch
from torch.func import grad, jacrev, vmap

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]])
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]])
b = torch.tensor([0.1, -0.2])


def h(W, x_n):
    return torch.sigmoid(W @ x_n + b)


def P(W):
    dh_dx = vmap(jacrev(h, argnums=1), in_dims=(None, 0))(W, x)
    return dh_dx.pow(2).sum()


penalty, dP_dW = P(W), grad(P)(W)
print(f"penalty: {penalty:.6f}")
#> penalty: 0.147864
for row in dP_dW.tolist():
    print("dP_dW:", [round(value, 6) for value in row])
#> dP_dW: [0.032398, -0.046114, 0.061196]
#> dP_dW: [0.134597, 0.018307, 0.078295]
