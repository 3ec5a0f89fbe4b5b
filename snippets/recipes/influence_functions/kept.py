import torch

torch.set_default_dtype(torch.float64)
x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])
s = torch.ones(3, requires_grad=True)  # weights of the samples
w = ((x @ y) / (x @ x + 1)).requires_grad_()  # the minimum of the loss

loss = (s * (w * x - y).pow(2)).sum() / 2 + w**2 / 2
(g,) = torch.autograd.grad(loss, w, create_graph=True)
(dV_dw,) = torch.autograd.grad((2 * w - 1).pow(2) / 2, w)
(H,) = torch.autograd.grad(g, w, retain_graph=True)
(mixed,) = torch.autograd.grad(g, s)
dV_ds = (-dV_dw / H * mixed).tolist()
print([round(slope, 4) for slope in dV_ds])
#> [0.1344, 0.0576, -0.0384]
