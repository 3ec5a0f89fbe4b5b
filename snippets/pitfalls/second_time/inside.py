import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(2):
    loss = w.exp().sum()
    grad = torch.autograd.grad(loss, w, create_graph=True)[0]
    penalty = grad.pow(2).sum()
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
w_after = w.detach()
print(f"w_after: {w_after[0]:.4f} {w_after[1]:.4f}")
#> w_after: -0.3341 -0.5547
