import torch


def dT_dw(weight, **flags):
    w = torch.tensor(1.0, requires_grad=True)
    x = torch.tensor(1.0, requires_grad=True)
    y = torch.tanh(w * x)
    y_x = torch.autograd.grad(y, x, **flags)[0]
    total = (y - 0.9) ** 2 + weight * y_x**2
    total.backward()
    return w.grad.item()


for weight in (0.1, 1, 10):
    obeyed = dT_dw(weight, retain_graph=True)
    right = dT_dw(weight, create_graph=True)
    print(f"weight {weight}: {obeyed:.4f} instead of {right:.4f}")
#> weight 0.1: -0.1163 instead of -0.1347
#> weight 1: -0.1163 instead of -0.3008
#> weight 10: -0.1163 instead of -1.9618
missing = right - obeyed
print(f"missing at weight 10: {missing:.4f}")
#> missing at weight 10: -1.8456
