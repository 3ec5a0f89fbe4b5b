# wrong: dJ_dw0 is 0.3347, the derivative is 0.1158
# right: pitfalls/inner_steps/full.py
import torch

w0 = torch.ones(3, requires_grad=True)
w = w0
for k in range(8):
    if k == 4:
        w0 = w = w.detach().requires_grad_()
    L = (w**4).sum() / 4
    w = w - 0.1 * torch.autograd.grad(L, w, create_graph=True)[0]
J = (w**2).sum() / 2
dJ_dw0 = torch.autograd.grad(J, w0)[0][0].item()
print(f"J: {J:.4f}, dJ_dw0: {dJ_dw0:.4f}")
#> J: 0.5431, dJ_dw0: 0.3347
