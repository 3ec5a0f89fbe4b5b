import torch


def slope_in_rate(steps, create_graph):
    rate = torch.tensor(0.1, requires_grad=True)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(steps):
        g = torch.autograd.grad(
            w**4, w, create_graph=create_graph
        )[0]
        w = w - rate * g
    return torch.autograd.grad(w**2, rate)[0]


for steps in (1, 2):
    without = slope_in_rate(steps, create_graph=False)
    right = slope_in_rate(steps, create_graph=True)
    print(f"{steps} step(s): {without:.4f} without, {right:.4f} with")
#> 1 step(s): -4.8000 without, -4.8000 with
#> 2 step(s): -4.9963 without, -3.2213 with

