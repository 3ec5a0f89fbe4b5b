# wrong: w_20 is 1.0, the weight is 0.3364
# right: pitfalls/advice_requires_grad/train_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.005)
for _ in range(20):
    grad = torch.autograd.grad(w**3, w)[0].requires_grad_()
    penalty = grad**2
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
w_20 = w.item()
print(f"w_20: {w_20:.4f}, penalty: {penalty:.4f}")
#> w_20: 1.0000, penalty: 9.0000
