import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
by_default = torch.autograd.grad(c, a, retain_graph=True)[0]
dc_da = torch.autograd.grad(
    c, a, create_graph=True
)[0]

print("by default:", by_default.item(), by_default.requires_grad)
#> by default: 4.0 False
print("create_graph=True:", dc_da.item(), dc_da.requires_grad)
#> create_graph=True: 4.0 True
print("detached:", dc_da.detach().item(), dc_da.detach().requires_grad)
#> detached: 4.0 False
