# wrong: dP_dw is [18.0, 216.0], the gradient is [36.0, 288.0]
# right: pitfalls/in_place/order.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
# --8<-- [mark]
optimizer = torch.optim.SGD([w], lr=0.5, fused=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
penalty = g.pow(2).sum()
w.grad = torch.ones(2)
optimizer.step()
dP_dw = torch.autograd.grad(penalty, w)[0]
print("penalty:", penalty.item(), "dP_dw:", dP_dw.tolist())
#> penalty: 153.0 dP_dw: [18.0, 216.0]
