import torch


class Claim(torch.autograd.Function):
    @staticmethod
    def forward(ctx, value, gradient, *params):
        ctx.save_for_backward(*gradient)
        return value.detach().clone()

    @staticmethod
    def backward(ctx, outer):
        return None, None, *(outer * g for g in ctx.saved_tensors)


def claim(function, derivative, params):
    return lambda: Claim.apply(function(*params), derivative(*params), *params)


x = torch.tensor([0.3, 0.7], dtype=torch.float64, requires_grad=True)
value = claim(lambda x: x.sin().sum(), lambda x: [x.cos()], [x])()
print("value:", round(value.item(), 4))
#> value: 0.9397
print("claimed gradient:", torch.autograd.grad(value, x)[0].numpy().round(4))
#> claimed gradient: [0.9553 0.7648]
