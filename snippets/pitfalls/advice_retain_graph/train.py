# wrong: w_20 is 1.3601, the weight is 2.1092
# right: pitfalls/advice_retain_graph/train_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
for _ in range(20):
    y = torch.tanh(w * x)
    y_x = torch.autograd.grad(y, x, retain_graph=True)[0]
    total = (y - 0.9) ** 2 + y_x**2
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
w_20, y_20 = w.item(), torch.tanh(w).item()
slope_20 = w_20 * (1 - y_20**2)
print(f"w_20: {w_20:.4f}, fit: {y_20:.4f}, slope: {slope_20:.4f}")
#> w_20: 1.3601, fit: 0.8764, slope: 0.3154
