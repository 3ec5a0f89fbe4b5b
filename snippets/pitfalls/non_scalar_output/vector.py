# right: pitfalls/non_scalar_output/sum_and_ones.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = x**3
u_x = torch.autograd.grad(u, x)[0]
#! RuntimeError: grad can be implicitly created only for scalar outputs
