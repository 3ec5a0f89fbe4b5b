import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
gradient = torch.autograd.grad(loss, w, create_graph=True)[0]  # paste your own gradient here

if gradient.grad_fn is None:
    print("affected: to autograd this gradient is a constant")
else:
    print("not affected here: this gradient can be differentiated")
#> not affected here: this gradient can be differentiated
