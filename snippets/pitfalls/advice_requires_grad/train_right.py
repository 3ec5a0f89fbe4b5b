import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.005)
for _ in range(20):
    grad = torch.autograd.grad(w**3, w, create_graph=True)[0]
    penalty = grad**2
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
w_20 = w.item()
print(f"w_20: {w_20:.4f}, penalty: {penalty:.4f}")
#> w_20: 0.3364, penalty: 0.1256
