# wrong: w_after is [-0.4, -1.9556], the weight is [-0.3341, -0.5547]
# right: pitfalls/second_time/inside.py
import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
loss = w.exp().sum()
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
penalty = grad.pow(2).sum()
for _ in range(2):
    optimizer.zero_grad()
    penalty.backward(retain_graph=True)
    optimizer.step()
w_after = w.detach()
print(f"w_after: {w_after[0]:.4f} {w_after[1]:.4f}")
#> w_after: -0.4000 -1.9556
