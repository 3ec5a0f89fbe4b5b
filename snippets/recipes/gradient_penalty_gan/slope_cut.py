# wrong: slope is 50.6063, the optimum is 1.25
# right: recipes/gradient_penalty_gan/slope.py
import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
fake = torch.randn(256, 2)
real = fake.flip(0) + torch.tensor([3.0, 4.0])  # the same cloud, moved by 5
w = torch.tensor([1.0, 0.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.05)

for _ in range(200):
    epsilon = torch.rand(256, 1)
    x_hat = (epsilon * real + (1 - epsilon) * fake).requires_grad_()
    D = x_hat @ w
    dD_dx = torch.autograd.grad(D.sum(), x_hat)[0]
    penalty = (dD_dx.norm(dim=1) - 1).pow(2).mean()
    loss = (fake @ w).mean() - (real @ w).mean() + 10 * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

slope = w.detach().norm().item()
estimate = ((real - fake) @ w).mean().item()
print(f"slope {slope:.4f}, estimate {estimate:.4f}")
#> slope 50.6063, estimate 253.0000
