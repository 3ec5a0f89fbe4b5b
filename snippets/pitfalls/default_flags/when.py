import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_losses = {
    "w.sum()": lambda: w.sum(),
    "(w + 1).mean()": lambda: (w + 1).mean(),
    "(-w).cumsum(0)[1]": lambda: (-w).cumsum(0)[1],
    "(2 * w).sum()": lambda: (2 * w).sum(),
    "(w**3).sum()": lambda: (w**3).sum(),
    "w.exp().sum()": lambda: w.exp().sum(),
}
for name, partial_loss in partial_losses.items():
    partial = partial_loss()
    grad = torch.autograd.grad(partial, w)[0]
    try:
        (partial + (grad**2).sum()).backward()
        print(f"{name}: silent")
    except RuntimeError as error:
        print(f"{name}: {str(error)[:48]}")
#> w.sum(): silent
#> (w + 1).mean(): silent
#> (-w).cumsum(0)[1]: silent
#> (2 * w).sum(): Trying to backward through the graph a second ti
#> (w**3).sum(): Trying to backward through the graph a second ti
#> w.exp().sum(): Trying to backward through the graph a second ti
