# wrong: dr_dx is [12.0], the derivative is [-12.0]
# right: pitfalls/hooks/negated.py
import torch


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, outer):
        return -outer


x = torch.tensor([2.0], requires_grad=True)
r = torch.autograd.grad(
    Reversal.apply(x).pow(3).sum(), x, create_graph=True
)[0]
dr_dx = torch.autograd.grad(r.sum(), x)[0].tolist()
print("r:", r.tolist(), "dr_dx:", dr_dx)
#> r: [-12.0] dr_dx: [12.0]
