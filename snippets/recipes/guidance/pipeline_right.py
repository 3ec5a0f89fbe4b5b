import torch

torch.manual_seed(0)
unet = torch.nn.Linear(2, 2).requires_grad_(False)


# --8<-- [start:pipeline]
@torch.no_grad()
def sample(x, steps=3):
    for _ in range(steps):
        # --8<-- [mark]
        with torch.enable_grad():
            # --8<-- [mark]
            x = x.detach().requires_grad_()  # before the network
            eps = unet(x)
            x0 = x - 0.5 * eps
            loss = (x0 - 1).pow(2).sum()
            (g,) = torch.autograd.grad(loss, x)
        # --8<-- [mark]
        x, eps = x.detach(), eps.detach()
        x = x - 0.1 * eps - 0.05 * g
    return x


# --8<-- [end:pipeline]
x = sample(torch.randn(4, 2))
print(x.requires_grad, x.isfinite().all().item())
#> False True
