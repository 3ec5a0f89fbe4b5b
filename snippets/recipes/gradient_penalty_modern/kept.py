import torch
from torch.nn.functional import softplus

w = torch.tensor([0.5, -1.0], requires_grad=True)
real = torch.tensor([[1.0, 2.0], [0.5, -1.0]], requires_grad=True)
fake = torch.tensor([[0.0, 1.0], [2.0, 0.5]])
D = lambda x: (x**2) @ w
scores = D(real)
(slope,) = torch.autograd.grad(scores.sum(), real, create_graph=True)
penalty = slope.square().sum(1).mean()
loss = softplus(D(fake) - scores).mean() + penalty
print(f"loss {loss.item():.4f}, penalty {penalty.item():.4f}")
#> loss 13.2619, penalty 10.6250

loss.backward()
dloss_dw = [round(entry, 4) for entry in w.grad.tolist()]
print(dloss_dw)
#> [3.7863, -21.7359]
