import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)


@torch.no_grad()
def validation_penalty():
    with torch.enable_grad():
        partial_loss = (w**3).sum()
    grad = torch.autograd.grad(partial_loss, w)[0]
    return grad.pow(2).sum()


print("penalty:", validation_penalty().item())
#> penalty: 153.0
