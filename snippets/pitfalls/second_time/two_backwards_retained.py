import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
loss = w.exp().sum()
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
penalty = grad.pow(2).sum()
loss.backward(retain_graph=True)
penalty.backward()
dT_dw = w.grad
print(f"dT_dw: {dT_dw[0]:.4f} {dT_dw[1]:.4f}")
#> dT_dw: 3.0000 17.4964
