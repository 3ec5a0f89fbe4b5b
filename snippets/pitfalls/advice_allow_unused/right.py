import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[0.2, 0.4]], requires_grad=True)
t = torch.tensor(1.0, requires_grad=True)
y = (torch.tanh(2 * x) * w).sum() * t
gradients = torch.autograd.grad(y, [x, t], create_graph=True)
penalty = sum(g.pow(2).sum() for g in gradients)
total = y + penalty
dT_dw = torch.autograd.grad(total, w)[0]
print(f"penalty: {penalty:.4f}", "dT_dw:", [round(value, 4) for value in dT_dw.tolist()])
#> penalty: 10.8465 dT_dw: [7.5348, 7.9331]
