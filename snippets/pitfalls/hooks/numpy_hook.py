# right: pitfalls/hooks/not_detached.py
import numpy
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
norms = []
w.register_hook(lambda grad: norms.append(numpy.linalg.norm(grad.numpy())))
torch.autograd.grad((w**3).sum(), w)
print("without create_graph:", len(norms))
#> without create_graph: 1
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
#! RuntimeError: Can't call numpy() on Tensor that requires grad. Use
#!   tensor.detach().numpy() instead.
