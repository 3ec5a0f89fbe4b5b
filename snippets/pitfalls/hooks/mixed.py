import torch

x = torch.tensor([2.0], requires_grad=True)
x.register_hook(lambda grad: 10 * grad)
L = x.pow(3).sum()
g = torch.autograd.grad(L, x, create_graph=True)[0]
P = g.pow(2).sum()
dL_dx = torch.autograd.grad(L, x, retain_graph=True)[0].item()
dP_dx = torch.autograd.grad(P, x)[0].item()
print("of the loss:", dL_dx / 12, "of the penalty:", dP_dx / 288)
#> of the loss: 10.0 of the penalty: 1000.0
