import torch


def u(x):
    return x * x * x * x * x


def slope(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(u(x), x)[0]


def errors(dtype, h):
    x = torch.tensor(1.0, dtype=dtype)
    by_gradients = (slope(x + h) - slope(x - h)) / (2 * h)
    by_values = (u(x + h) - 2 * u(x) + u(x - h)) / h**2
    found = by_gradients, by_values
    return [abs(value.item() / 20 - 1) for value in found]


single = [errors(torch.float32, 10**-k) for k in range(1, 9)]
double = [errors(torch.float64, 10**-k) for k in range(1, 9)]
best_single_gradients, best_single_values = map(min, zip(*single))
best_double_gradients, best_double_values = map(min, zip(*double))
print("        float32          float64")
#>         float32          float64
print("   h gradients values gradients values")
#>    h gradients values gradients values
for k in range(8):
    row = single[k] + double[k]
    print(f"1e-{k + 1}", *(f"  {error:.0e}" for error in row))
#> 1e-1   1e-02   5e-03   1e-02   5e-03
#> 1e-2   1e-04   8e-05   1e-04   5e-05
#> 1e-3   1e-05   2e-02   1e-06   5e-07
#> 1e-4   5e-05   4e-01   1e-08   4e-09
#> 1e-5   1e-03   1e+00   1e-10   2e-07
#> 1e-6   2e-02   1e+04   2e-11   3e-05
#> 1e-7   2e-01   1e+00   8e-11   2e-03
#> 1e-8   1e+00   1e+00   4e-09   3e-01
