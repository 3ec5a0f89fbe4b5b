# wrong: penalty is 2.9173, the penalty is 10.8465
# right: pitfalls/advice_allow_unused/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[0.2, 0.4]], requires_grad=True)
t = torch.tensor(1.0, requires_grad=True)
y = (torch.tanh(2 * x) * w).sum() * t
x = 2 * x
gradients = torch.autograd.grad(y, [x, t], create_graph=True, allow_unused=True)
penalty = sum(g.pow(2).sum() for g in gradients if g is not None)
total = y + penalty
dT_dw = torch.autograd.grad(total, w)[0]
print(f"penalty: {penalty:.4f}", "dT_dw:", [round(value, 4) for value in dT_dw.tolist()])
#> penalty: 2.9173 dT_dw: [1.6779, 2.9324]
