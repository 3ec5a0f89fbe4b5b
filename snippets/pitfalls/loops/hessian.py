import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
L = w.prod() * w.sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
rows = [torch.autograd.grad(g[i], w, retain_graph=True)[0] for i in range(3)]
looped = torch.stack(rows).tolist()
batched = torch.autograd.grad(g, w, torch.eye(3), is_grads_batched=True)[0].tolist()
print("looped: ", looped)
#> looped:  [[12.0, 27.0, 20.0], [27.0, 6.0, 11.0], [20.0, 11.0, 4.0]]
print("batched:", batched)
#> batched: [[12.0, 27.0, 20.0], [27.0, 6.0, 11.0], [20.0, 11.0, 4.0]]
