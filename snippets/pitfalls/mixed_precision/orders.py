import torch

small = torch.tensor(2.0**-13, dtype=torch.float16)


def u_xx(first, second):
    x = torch.tensor(1.0, requires_grad=True)
    u = (x.half() ** 2 * small * small).float()
    u_x = torch.autograd.grad(u * first, x, create_graph=True)[0] / first
    # --8<-- [mark]
    return torch.autograd.grad(u_x * second, x)[0].item() / second


scales = (1.0, 1.0), (1024.0, 1.0), (1024.0, 1024.0)
plain, once, twice = (u_xx(*pair) * 2**25 for pair in scales)
print(f"u_xx times 2^25: {plain}, scaled once: {once}, twice: {twice}")
#> u_xx times 2^25: 0.0, scaled once: 0.0, twice: 1.0
