# wrong: found is True, the answer is False
# right: pitfalls/precision/strict.py
import torch


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        return 3.05 * ctx.saved_tensors[0] ** 2 * grad_output


x = torch.tensor([0.3, -0.7], requires_grad=True)
found = torch.autograd.gradcheck(
    Cube.apply, x, eps=1e-3, atol=0.1, raise_exception=False
)
#! UserWarning: Input ... requires gradient and is not a double precision
#!   floating point or complex. This check will likely fail if all the
#!   inputs are not of double precision floating point or complex.
print("passes:", found)
#> passes: True
