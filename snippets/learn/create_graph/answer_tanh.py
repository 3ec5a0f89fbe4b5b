import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = torch.tanh(a)
dc_da = torch.autograd.grad(
    c, a, create_graph=True, retain_graph=False
)[0]
d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]
#! RuntimeError: Trying to backward through the graph a second time ...
