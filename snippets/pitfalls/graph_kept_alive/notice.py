import torch

w = torch.ones(3, requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
penalty = g.pow(2).sum()
log = {"penalty": penalty, "number": penalty.item()}
log["copy"] = penalty.detach()
for name, entry in log.items():
    print(name, getattr(entry, "requires_grad", False))
#> penalty True
#> number False
#> copy False
