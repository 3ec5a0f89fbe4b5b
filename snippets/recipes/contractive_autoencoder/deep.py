import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0], [1.0, 0.3]], requires_grad=True)
W1 = torch.tensor([[1.0, -0.5], [0.4, 2.0]])
W2 = torch.tensor([[2.0, 1.0], [-1.0, 0.5]])
b = torch.tensor([0.1, -0.2], requires_grad=True)

h = torch.sigmoid(torch.tanh(x @ W1.T + b) @ W2.T)
reconstruction = (torch.tanh(h @ W2) @ W1 - x).pow(2).sum()
units = torch.eye(2)[:, None, :].expand(2, 2, 2)  # unit, example, unit
dh_dx = torch.autograd.grad(h, x, units, create_graph=True, is_grads_batched=True)[0]
P = dh_dx.pow(2).sum()
J = reconstruction + P

penalty = P.item()
print(f"penalty: {penalty:.4f}")
#> penalty: 0.0936
dJ_db = torch.autograd.grad(J, b)[0]
print("dJ_db:", [round(value, 4) for value in dJ_db.tolist()])
#> dJ_db: [0.2851, 0.0947]
