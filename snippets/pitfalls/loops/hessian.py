import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
L = w.prod() * w.sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
row = lambda i: torch.autograd.grad(g[i], w, retain_graph=True)[0]
rows = [row(i) for i in range(3)]
looped = torch.stack(rows).tolist()
units = torch.eye(3)
H = torch.autograd.grad(g, w, units, is_grads_batched=True)[0]
batched = H.tolist()
print("looped: ", looped)
#> looped:  [[12.0, 27.0, 20.0], [27.0, 6.0, 11.0], [20.0, 11.0, 4.0]]
print("batched:", batched)
#> batched: [[12.0, 27.0, 20.0], [27.0, 6.0, 11.0], [20.0, 11.0, 4.0]]
