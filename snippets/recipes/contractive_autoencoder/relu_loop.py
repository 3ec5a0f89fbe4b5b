import torch

x = torch.tensor([[0.5, -1.0], [1.0, 0.3]], requires_grad=True)
W = torch.tensor([[1.0, -0.5], [0.4, 2.0]], requires_grad=True)

h = torch.relu(x @ W.T)
P = 0
for h_i in h.T:
    dhi_dx = torch.autograd.grad(h_i.sum(), x, create_graph=True)[0]
    P = P + dhi_dx.pow(2).sum()
P.backward(inputs=[W])

penalty = P.item()
print(f"penalty: {penalty:.4f}")
#> penalty: 6.6600
dP_dW = W.grad.flatten().tolist()
print("dP_dW:", [round(value, 4) for value in dP_dW])
#> dP_dW: [4.0, -2.0, 0.8, 4.0]
