# wrong: dP_dw is [0.0, 0.0], the gradient is [36.0, 288.0]
# right: pitfalls/advice_requires_grad/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
grad = torch.autograd.grad(loss, w)[0]
grad.requires_grad_()
penalty = grad.pow(2).sum()
penalty.backward()
dP_dw = torch.zeros(2) if w.grad is None else w.grad
print("penalty.requires_grad:", penalty.requires_grad, "penalty:", penalty.item())
#> penalty.requires_grad: True penalty: 153.0
print("w.grad:", w.grad, "grad.grad:", grad.grad.tolist())
#> w.grad: None grad.grad: [6.0, 24.0]
