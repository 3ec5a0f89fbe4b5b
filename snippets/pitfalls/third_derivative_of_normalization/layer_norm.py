# wrong: dR_dw is [24.6267, -8.9461, 25.6178], the gradient is [14.0746, -12.9292, 5.519]
# right: pitfalls/third_derivative_of_normalization/primitives.py
import torch
from torch.nn.functional import layer_norm

w = torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64, requires_grad=True)
v = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
u = v @ layer_norm(torch.tanh(w * x), (3,), eps=0.1)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x, create_graph=True)[0]
R = (u_xx - 1) ** 2
dR_dw = torch.autograd.grad(R, w)[0]
print(f"u_xx: {u_xx.item():.4f} R: {R.item():.4f}")
#> u_xx: 4.6530 R: 13.3442
print("dR_dw:", [round(value, 4) for value in dR_dw.tolist()])
#> dR_dw: [24.6267, -8.9461, 25.6178]
