import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(
    partial_loss, w, create_graph=True
)[0]
penalty = (grad * grad).sum()
total_loss = partial_loss + penalty

dP_dw = torch.autograd.grad(penalty, w, retain_graph=True)[0]
dL_dw = torch.autograd.grad(total_loss, w)[0]
print("penalty:", penalty.item(), "dP_dw:", dP_dw.tolist())
#> penalty: 153.0 dP_dw: [36.0, 288.0]
print("dL_dw:", dL_dw.tolist())
#> dL_dw: [39.0, 300.0]
