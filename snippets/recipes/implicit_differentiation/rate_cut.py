# wrong: dloss_deta is -12.199, the derivative is 31.856
# right: recipes/implicit_differentiation/rate_kept.py
import torch

torch.set_default_dtype(torch.float64)
h = torch.tensor([1.0, 10.0])  # curvatures of a bowl
eta = torch.tensor(0.17, requires_grad=True)  # the learning rate
w = torch.ones(2, requires_grad=True)
for _ in range(4):
    (g,) = torch.autograd.grad((h * w**2).sum() / 2, w)
    w = w - eta * g
loss = (h * w**2).sum() / 2
dloss_deta = torch.autograd.grad(loss, eta)[0].item()
print(f"loss {loss.item():.3f}, slope {dloss_deta:.3f}")
#> loss 0.401, slope -12.199
