import torch


class MaskedSoftmax(torch.autograd.Function):  # in the library
    @staticmethod
    def forward(ctx, scores, mask):
        filled = scores.masked_fill(~mask, float("-inf"))
        output = filled.softmax(-1).masked_fill(~mask, 0)
        ctx.save_for_backward(output)
        return output

    @staticmethod
    def backward(ctx, outer):
        (y,) = ctx.saved_tensors
        return y * (outer - (outer * y).sum(-1, keepdim=True)), None


mask = torch.tensor([True, True, False])
scores = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)
scores.requires_grad_()
# --8<-- [start:plain]
loss = (MaskedSoftmax.apply(scores, mask) ** 2).sum()
slope = torch.autograd.grad(loss, scores, create_graph=True)[0]
curvature = torch.autograd.grad(slope[0], scores)[0][0].item()
print([round(value, 4) for value in slope.tolist()], f"{curvature:.4f}")
#> [0.1895, -0.1895, -0.0] -0.0314
# --8<-- [end:plain]
