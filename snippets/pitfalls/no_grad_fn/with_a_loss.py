# wrong: dT_dw is [3.0, 12.0], the gradient is [39.0, 300.0]
# right: pitfalls/no_grad_fn/with_a_loss_right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w)[0]
penalty = g.pow(2).sum()
total = (w**3).sum() + penalty
total.backward()
dT_dw = w.grad
print("total:", total.item(), "dT_dw:", dT_dw.tolist())
#> total: 162.0 dT_dw: [3.0, 12.0]
