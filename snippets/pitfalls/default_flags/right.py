import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
grad = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
loss = (w**3).sum() + (grad**2).sum()
dL_dw = torch.autograd.grad(loss, w)[0]
print("dL_dw:", dL_dw.tolist())
#> dL_dw: [39.0, 300.0]
