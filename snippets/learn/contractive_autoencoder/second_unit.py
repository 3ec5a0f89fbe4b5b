import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], requires_grad=True)
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]], requires_grad=True)
b = torch.tensor([0.1, -0.2], requires_grad=True)

h = torch.sigmoid(x @ W.T + b)
P = 0
for i in range(2):
    dhi_dx = torch.autograd.grad(h[:, i].sum(), x)[0]
    P = P + dhi_dx.pow(2).sum()
#! RuntimeError: Trying to backward through the graph a second time (or
#!   directly access saved tensors after they have already been freed). ...
