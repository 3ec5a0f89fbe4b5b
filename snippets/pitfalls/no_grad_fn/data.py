# right: pitfalls/no_grad_fn/early.py
import torch

net = torch.nn.Linear(2, 1)
x = torch.tensor([1.0, 2.0])
u_x = torch.autograd.grad(net(x), x)[0]
#! RuntimeError: One of the differentiated Tensors does not require grad
