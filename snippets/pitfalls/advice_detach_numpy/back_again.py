# wrong: dT_dw is [3.0, 4.0], the gradient is [3.6, 4.8]
# right: pitfalls/advice_detach_numpy/right.py
import numpy
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (w**2).sum() / 2
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
length = numpy.linalg.norm(grad.detach().numpy())
length = torch.tensor(length, requires_grad=True)
total = loss + length
dT_dw = torch.autograd.grad(total, w)[0]
print("length.requires_grad:", length.requires_grad)
#> length.requires_grad: True
print("dT_dw:", [round(value, 4) for value in dT_dw.tolist()])
#> dT_dw: [3.0, 4.0]
