import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
seen = []
w.register_hook(lambda grad: seen.append((grad.tolist(), grad.requires_grad)))
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
g.pow(2).sum().backward()
print("first pass:", *seen[0])
#> first pass: [3.0, 12.0] True
print("second pass:", *seen[1])
#> second pass: [36.0, 288.0] False
