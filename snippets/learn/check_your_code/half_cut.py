# wrong: dL_dw is [21.0, 156.0], the gradient is [39.0, 300.0]
# right: learn/check_your_code/not_cut.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(
    partial_loss, w, create_graph=True
)[0]
penalty = (grad * grad.detach()).sum()
total_loss = partial_loss + penalty

dP_dw = torch.autograd.grad(penalty, w, retain_graph=True)[0]
dL_dw = torch.autograd.grad(total_loss, w)[0]
print("penalty:", penalty.item(), "dP_dw:", dP_dw.tolist())
#> penalty: 153.0 dP_dw: [18.0, 144.0]
print("dL_dw:", dL_dw.tolist())
#> dL_dw: [21.0, 156.0]
