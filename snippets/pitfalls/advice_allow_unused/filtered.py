# wrong: penalty is 0, the penalty is 0.0828
# right: pitfalls/advice_allow_unused/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[2.0, 4.0]], requires_grad=True)
y = (torch.tanh(x / 4) * w).sum()
x = x / 4
gradients = torch.autograd.grad(y, [x], create_graph=True, allow_unused=True)
penalty = sum(g.pow(2).sum() for g in gradients if g is not None)
total = y + penalty
dT_dw = torch.autograd.grad(total, w)[0]
print("penalty:", penalty, "dT_dw:", [round(value, 4) for value in dT_dw.tolist()])
#> penalty: 0 dT_dw: [0.4621, 0.7616]
