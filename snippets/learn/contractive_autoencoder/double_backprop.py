import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], requires_grad=True)
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]], requires_grad=True)
b = torch.tensor([0.1, -0.2], requires_grad=True)

h = torch.sigmoid(x @ W.T + b)
P = 0
for h_i in h.T:
    dhi_dx = torch.autograd.grad(
        h_i.sum(), x, create_graph=True
    )[0]
    P = P + dhi_dx.pow(2).sum()

penalty = P.detach()
dP_dW, dP_db = torch.autograd.grad(P, [W, b])

print(f"penalty: {penalty:.6f}")
#> penalty: 0.147864
for row in dP_dW.tolist():
    print("dP_dW:", [round(value, 6) for value in row])
#> dP_dW: [0.032398, -0.046114, 0.061196]
#> dP_dW: [0.134597, 0.018307, 0.078295]
print("dP_db:", [round(value, 6) for value in dP_db.tolist()])
#> dP_db: [-0.003765, 0.000345]
