import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[2.0, 4.0]], requires_grad=True)
y = (torch.tanh(x / 4) * w).sum()
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
penalty = y_x.pow(2).sum()
total = y + penalty
dT_dw = torch.autograd.grad(total, w)[0]
print(f"penalty: {penalty:.4f}", "dT_dw:", [round(value, 4) for value in dT_dw.tolist()])
#> penalty: 0.0828 dT_dw: [0.5394, 0.8057]
