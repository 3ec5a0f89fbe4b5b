# uses: recipes/gradient_penalty_modern/critic_losses.py
import torch
from critic_losses import relativistic_loss, slope_penalty

w = torch.tensor([0.5, -1.0], requires_grad=True)
real = torch.tensor([[1.0, 2.0], [0.5, -1.0]])
fake = torch.tensor([[0.0, 1.0], [2.0, 0.5]])
D = lambda x: (x**2) @ w
penalty = slope_penalty(D, real, gamma=2.0)
loss = relativistic_loss(D(real), D(fake)) + penalty
print(f"loss {loss.item():.4f}, penalty {penalty.item():.4f}")
#> loss 13.2619, penalty 10.6250

loss.backward()
dloss_dw = [round(entry, 4) for entry in w.grad.tolist()]
print(dloss_dw)
#> [3.7863, -21.7359]
