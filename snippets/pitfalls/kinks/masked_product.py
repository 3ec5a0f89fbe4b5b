import torch

x = torch.tensor([4.0, 0.0], requires_grad=True)
mask = torch.tensor([1.0, 0.0])


def dP_dx(u):
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    return torch.autograd.grad(u_x.pow(2).sum(), x)[0].tolist()


product = dP_dx((mask * x**1.5).sum())
filled = dP_dx((x**1.5).masked_fill(mask == 0, 0.0).sum())
cleaned = dP_dx(torch.nan_to_num(mask * x**1.5).sum())
selected = dP_dx((x[mask == 1] ** 1.5).sum())
print("product:", product, "filled:", filled)
#> product: [2.25, nan] filled: [2.25, nan]
print("cleaned:", cleaned, "selected:", selected)
#> cleaned: [2.25, nan] selected: [2.25, 0.0]
