import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
g.register_hook(lambda grad: print("dP_dg:", grad.tolist()))
g.pow(2).sum().backward()
#> dP_dg: [6.0, 24.0]
dP_dw = w.grad
print("dP_dw:", dP_dw.tolist())
#> dP_dw: [36.0, 288.0]
