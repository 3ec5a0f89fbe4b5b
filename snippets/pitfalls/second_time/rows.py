# right: pitfalls/second_time/rows_retained.py
import torch

x = torch.tensor(3.0, requires_grad=True)
w = torch.tensor([1.0, 2.0], requires_grad=True)
h = w * x**2
rows = [torch.autograd.grad(h_j, x)[0] for h_j in h]
#! RuntimeError: Trying to backward through the graph a second time ...
