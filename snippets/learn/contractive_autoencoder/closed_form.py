import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]])
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]])
b = torch.tensor([0.1, -0.2])

h = torch.sigmoid(x @ W.T + b)
s2 = (h * (1 - h)).pow(2)
norm2 = W.pow(2).sum(dim=1)

penalty = (s2 @ norm2).sum()
# What reaches z = W x + b, for each example and unit.
dP_dz = norm2 * 2 * s2 * (1 - 2 * h)
dP_db = dP_dz.sum(dim=0)
dP_dW = dP_dz.T @ x + 2 * s2.sum(dim=0)[:, None] * W

print(f"penalty: {penalty:.6f}")
#> penalty: 0.147864
for row in dP_dW.tolist():
    print("dP_dW:", [round(value, 6) for value in row])
#> dP_dW: [0.032398, -0.046114, 0.061196]
#> dP_dW: [0.134597, 0.018307, 0.078295]
print("dP_db:", [round(value, 6) for value in dP_db.tolist()])
#> dP_db: [-0.003765, 0.000345]
