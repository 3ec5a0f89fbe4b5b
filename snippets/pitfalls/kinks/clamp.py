# wrong: dP_dw is 0.0, the gradient is 6.0
# right: pitfalls/kinks/logsigmoid.py
import torch

w = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(-5.0, requires_grad=True)
p = torch.sigmoid(w * x).clamp(min=1e-6)
u = torch.log(p)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
P = u_x**2
dP_dw = torch.autograd.grad(P, w)[0]
print(f"u: {u:.4f}, P: {P:.4f}, dP_dw: {dP_dw:.4f}")
#> u: -13.8155, P: 0.0000, dP_dw: 0.0000
