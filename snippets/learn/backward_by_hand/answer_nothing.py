import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
for c in (a + b, 3 * a, a * b, a * a, torch.exp(a)):
    dc_da = torch.autograd.grad(
        c, a, create_graph=True
    )[0]
    there = dc_da.grad_fn.name() if dc_da.grad_fn else "nothing"
    print(f"{c.grad_fn.name()}: {there}")
#> AddBackward0: nothing
#> MulBackward0: nothing
#> MulBackward0: nothing
#> MulBackward0: AddBackward0
#> ExpBackward0: MulBackward0
