import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]])
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]])
b = torch.tensor([0.1, -0.2])

h = torch.sigmoid(x @ W.T + b)
s2 = (h * (1 - h)).pow(2)
norm2 = W.pow(2).sum(dim=1)

penalty = (s2 @ norm2).sum()
dP_dW = 2 * s2.sum(dim=0)[:, None] * W
dP_dW += 2 * norm2[:, None] * ((s2 * (1 - 2 * h)).T @ x)

print(f"penalty: {penalty:.6f}")
#> penalty: 0.147864
for row in dP_dW.tolist():
    print("dP_dW:", [round(value, 6) for value in row])
#> dP_dW: [0.032398, -0.046114, 0.061196]
#> dP_dW: [0.134597, 0.018307, 0.078295]
