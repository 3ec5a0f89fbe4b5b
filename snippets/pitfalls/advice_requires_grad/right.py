import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
penalty = grad.pow(2).sum()
penalty.backward()
dP_dw = torch.zeros(2) if w.grad is None else w.grad
print("penalty.requires_grad:", penalty.requires_grad, "penalty:", penalty.item())
#> penalty.requires_grad: True penalty: 153.0
print("w.grad:", w.grad.tolist())
#> w.grad: [36.0, 288.0]
