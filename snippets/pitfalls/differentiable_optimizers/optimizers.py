import torch
from torch import optim

torch.set_default_dtype(torch.float64)


def meta_loss(a, kind, **options):
    t = a.clone()
    optimizer = kind([t], lr=0.1, differentiable=True, **options)
    for _ in range(3):
        L = t.clone().pow(4).sum() + t.clone().pow(2).sum()
        t.grad = torch.autograd.grad(L, t, create_graph=True)[0]
        optimizer.step()
    return t.pow(2).sum()


cases = [(optim.SGD, {}), (optim.SGD, {"momentum": 0.9})]
cases += [(optim.Adam, {}), (optim.Adam, {"amsgrad": True})]
cases += [(optim.AdamW, {}), (optim.NAdam, {}), (optim.RAdam, {})]
cases += [(optim.Adamax, {}), (optim.Adagrad, {}), (optim.Adadelta, {})]
cases += [(optim.RMSprop, {"momentum": 0.9})]
cases += [(optim.RMSprop, {"centered": True})]
cases += [(optim.ASGD, {}), (optim.Rprop, {})]
rows = []
for kind, options in cases:
    a = torch.tensor([1.0], requires_grad=True)
    up = meta_loss(a + 1e-6, kind, **options)
    down = meta_loss(a - 1e-6, kind, **options)
    difference = (up - down).item() / 2e-6
    try:
        M = meta_loss(a, kind, **options)
        dM_da = torch.autograd.grad(M, a)[0].item()
    except RuntimeError:
        dM_da = None
    name = kind.__name__ + "".join(f" {option}" for option in options)
    rows.append([name, dM_da, difference])
    found = "raises" if dM_da is None else f"{dM_da:.4f}"
    print(f"{name:17}{found:>8}{difference:9.4f}")
#> SGD               -0.0763  -0.0763
#> SGD momentum      -0.1383   3.2201
#> Adam               1.4034   1.4034
#> Adam amsgrad       raises   1.4034
#> AdamW              1.3939   1.3939
#> NAdam              1.5088   1.5088
#> RAdam              0.4040   0.4040
#> Adamax             raises   1.4392
#> Adagrad            1.5634   1.5634
#> Adadelta           1.9981   1.9981
#> RMSprop momentum   2.5175   2.5175
#> RMSprop centered   raises  -0.0019
#> ASGD              -0.0763  -0.0763
#> Rprop              raises   1.2720
