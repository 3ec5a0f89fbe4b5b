import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
for flag in ("retain_graph", "create_graph"):
    grad = torch.autograd.grad(partial_loss, w, **{flag: True})[0]
    penalty = grad.pow(2).sum()
    print(f"{flag}: penalty.requires_grad is {penalty.requires_grad}")
#> retain_graph: penalty.requires_grad is False
#> create_graph: penalty.requires_grad is True
