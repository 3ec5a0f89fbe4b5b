import torch
from torch.func import grad


class Double(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return 2 * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, dL_dy):
        print("recording:", torch.is_grad_enabled())
        return 2 * dL_dy


x = torch.tensor(1.0)
slope = grad(Double.apply)(x)
#> recording: True
