import torch


class Layer(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return torch.tanh(w * x)

    @staticmethod
    def backward(ctx, outer):
        x, w = ctx.saved_tensors
        twice = torch.is_grad_enabled()
        with torch.enable_grad():
            y = torch.tanh(w * x)
        # --8<-- [mark]
        return torch.autograd.grad(y, (x, w), outer, create_graph=twice)


w = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
x = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
L = Layer.apply(x, w) ** 2
dL_dw = round(torch.autograd.grad(L, w)[0].item(), 4)
print("dL_dw:", dL_dw)
#> dL_dw: 0.5202
