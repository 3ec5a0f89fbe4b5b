import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
L = (w**3).sum()
g = torch.autograd.grad(
    L, w, create_graph=True
)[0]
T = L + g @ g
dT_dw = torch.autograd.grad(T, w)[0]
print(dT_dw)
#> tensor([ 39., 300.])
