import torch

torch.manual_seed(0)
for rows in (25, 26):
    x = torch.randn(rows, 2, requires_grad=True)
    y = torch.cdist(x, x.flip(0) + 1).sum()
    dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
    try:
        torch.autograd.grad(dy_dx.pow(2).sum(), x)
        print(rows, "rows: works")
    except NotImplementedError:
        print(rows, "rows: raises")
#> 25 rows: raises
#> 26 rows: works
