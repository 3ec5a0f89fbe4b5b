import torch

w = torch.tensor(2.0, requires_grad=True)

h = torch.tensor(1.0)
for _ in range(3):
    h = w * h
print(torch.autograd.grad(h, w)[0])
#> tensor(12.)

h = torch.tensor(1.0)
for _ in range(3):
    h = w * h.detach()
print(torch.autograd.grad(h, w)[0])
#> tensor(4.)
