# right: pitfalls/functional_over_parameters/functional_call.py
import torch

net = torch.nn.Linear(2, 1, bias=False)
x = torch.tensor([[1.0, 2.0]])


def loss(weight):
    return net(x).pow(2).sum()


torch.autograd.functional.hessian(loss, net.weight, strict=True)
#! RuntimeError: While computing the hessian, found that the jacobian of
#!   the user-provided function with respect to input 0 is independent of
#!   the input. This is not allowed in strict mode. You should ensure that
#!   your function is twice differentiable and that the jacobian depends on
#!   the inputs (this would be violated by a linear function for example).
