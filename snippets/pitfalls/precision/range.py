import torch


def derivatives(p):
    p = torch.tensor(p, requires_grad=True)  # float32
    found = [torch.log(p)]
    for _ in range(3):
        (g,) = torch.autograd.grad(found[-1], p, create_graph=True)
        found.append(g)
    return [f"{one.item():.0e}" for one in found]


for p in (1e-38, 1e-19, 1e-12):
    print(f"log at {p}:", *derivatives(p))
#> log at 1e-38: -9e+01 1e+38 -inf inf
#> log at 1e-19: -4e+01 1e+19 -1e+38 inf
#> log at 1e-12: -3e+01 1e+12 -1e+24 2e+36
