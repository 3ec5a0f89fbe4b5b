import torch

torch.set_default_dtype(torch.float64)
w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([0.6, 0.8])


def total_loss(w, coefficient):
    partial_loss = (w**3).sum()
    grad = torch.autograd.grad(partial_loss, w, retain_graph=True)[0]
    return partial_loss + coefficient * grad.pow(2).sum()


for coefficient in (1.0, 1e-2, 1e-4, 1e-6):
    slope = torch.autograd.grad(total_loss(w, coefficient), w)[0] @ v
    ahead = total_loss(w + 1e-6 * v, coefficient)
    behind = total_loss(w - 1e-6 * v, coefficient)
    difference = (ahead - behind) / 2e-6
    print(f"coefficient {coefficient:g}: off by {(1 - slope / difference):.2%}")
#> coefficient 1: off by 95.67%
#> coefficient 0.01: off by 18.10%
#> coefficient 0.0001: off by 0.22%
#> coefficient 1e-06: off by 0.00%
