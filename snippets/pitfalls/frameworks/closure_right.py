import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.LBFGS([w], line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    y = w * x**3
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    total = (y - 2) ** 2 + y_x**2
    total.backward()
    return total


for _ in range(5):
    optimizer.step(closure)
w_after = w.item()
print(f"w_after: {w_after:.4f}")
#> w_after: 0.2000
