import torch

w = torch.tensor(1.0, requires_grad=True)

through = detached = w
for _ in range(3):
    through = 0.5 * through + w
    detached = 0.5 * detached.detach() + w

dthrough_dw = torch.autograd.grad(through, w)[0].item()
ddetached_dw = torch.autograd.grad(detached, w)[0].item()
print("through all steps:", dthrough_dw, "detached:", ddetached_dw)
#> through all steps: 1.875 detached: 1.0
