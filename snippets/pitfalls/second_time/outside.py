# right: pitfalls/second_time/inside.py
import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
loss = w.exp().sum()
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
penalty = grad.pow(2).sum()
for _ in range(2):
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
#! RuntimeError: Trying to backward through the graph a second time ...
