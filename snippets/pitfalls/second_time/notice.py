import torch


def dT_dw(weight, **flags):
    w = torch.tensor(1.0, requires_grad=True)
    x = torch.tensor(1.0, requires_grad=True)
    y = torch.tanh(w * x)
    y_x = torch.autograd.grad(y, x, **flags)[0]
    total = (y - 0.9) ** 2 + weight * y_x**2
    total.backward()
    return w.grad.item()


for flag in ("retain_graph", "create_graph"):
    change = dT_dw(100, **{flag: True}) - dT_dw(0, **{flag: True})
    print(f"{flag}: the gradient changes by {change:.2f}")
#> retain_graph: the gradient changes by 0.00
#> create_graph: the gradient changes by -18.46
