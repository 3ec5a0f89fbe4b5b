import torch

w = torch.tensor(2.0, requires_grad=True)
x = torch.tensor(3.0).requires_grad_()
y_x = torch.autograd.grad(w * x**2, x, create_graph=True)[0]
dP_dw = torch.autograd.grad(y_x**2, w)[0]
print("y_x:", y_x.item(), "dP_dw:", dP_dw.item())
#> y_x: 12.0 dP_dw: 144.0
