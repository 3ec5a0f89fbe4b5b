# wrong: dL_dw is None, the derivative is 0.5202
# right: pitfalls/hidden_intermediates/closure_right.py
import torch


class Layer(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.tanh(w * x)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        twice = torch.is_grad_enabled()
        with torch.enable_grad():
            # --8<-- [mark]
            y = torch.tanh(w * x)
        return torch.autograd.grad(y, x, outer, create_graph=twice)[0]


w = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
x = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
L = Layer.apply(x) ** 2
dL_dw = torch.autograd.grad(L, w, allow_unused=True)[0]
print("dL_dw:", dL_dw)
#> dL_dw: None
