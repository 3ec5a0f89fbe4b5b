import torch

torch.manual_seed(0)
for rows, others in ((25, 25), (2, 26), (26, 26)):
    a = torch.randn(rows, 2, requires_grad=True)
    y = torch.cdist(a, torch.randn(others, 2)).sum()
    dy_da = torch.autograd.grad(y, a, create_graph=True)[0]
    try:
        torch.autograd.grad(dy_da.pow(2).sum(), a)
        print(rows, "and", others, "rows: works")
    except NotImplementedError:
        print(rows, "and", others, "rows: raises")
#> 25 and 25 rows: raises
#> 2 and 26 rows: works
#> 26 and 26 rows: works
