import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for partial_loss in ((w**3).sum(), (3 * w).sum()):
    grad = torch.autograd.grad(
        partial_loss, w, create_graph=True
    )[0]
    print(grad.tolist(), grad.requires_grad)
#> [3.0, 12.0] True
#> [3.0, 3.0] False
