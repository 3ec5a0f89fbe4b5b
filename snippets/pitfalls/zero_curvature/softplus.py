import torch

for at in (19.0, 21.0):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.softplus(x)
    first = torch.autograd.grad(y, x, create_graph=True)[0]
    second = torch.autograd.grad(first + 0 * x, x)[0].item()
    print(f"at {at:.0f}: {second:.2e}")
#> at 19: 5.60e-09
#> at 21: 0.00e+00
