# right: recipes/guidance/pipeline_right.py
import torch

unet = torch.nn.Linear(2, 2).requires_grad_(False)


# --8<-- [start:pipeline]
@torch.no_grad()  # as __call__ of a pipeline is
def sample(x, steps=3):
    for _ in range(steps):
        eps = unet(x)
        x = x.requires_grad_()
        x0 = x - 0.5 * eps
        loss = (x0 - 1).pow(2).sum()
        (g,) = torch.autograd.grad(loss, x)
        x = x - 0.1 * eps - 0.05 * g
    return x


# --8<-- [end:pipeline]
sample(torch.randn(4, 2))
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
