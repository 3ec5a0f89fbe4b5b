import torch

masks = {
    "constant mask": lambda grad: torch.tensor([1.0, 0.0]) * grad,
    "positive part": lambda grad: grad * (grad > 0),
    "clamp": lambda grad: grad.clamp(-10, 10),
}
found = []
for name, hook in masks.items():
    slopes = []
    for remove in (False, True):
        x = torch.tensor([0.5, 1.5], requires_grad=True)
        handle = x.register_hook(hook)
        loss = (x**3 - 3 * x).sum()
        g = torch.autograd.grad(loss, x, create_graph=True)[0]
        if remove:
            handle.remove()
        slopes.append(torch.autograd.grad((2 - g).pow(3).sum(), x)[0])
    found.append(torch.equal(*slopes))
    print(f"{name}: {'harmless' if found[-1] else 'wrong'}")
#> constant mask: harmless
#> positive part: wrong
#> clamp: wrong
