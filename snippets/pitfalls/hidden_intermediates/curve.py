import matplotlib.pyplot as plt
import torch

x = torch.arange(-45, 46, dtype=torch.float64) / 9


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, outer):
        x, s = ctx.saved_tensors
        return outer * (s + x * s * (1 - s))


def second(f):
    at = x.clone().requires_grad_()
    y_x = torch.autograd.grad(f(at).sum(), at, create_graph=True)[0]
    return torch.autograd.grad(y_x.sum(), at)[0]


saved = second(Swish.apply)
right = second(lambda x: x * torch.sigmoid(x))
at_zero, true_at_zero = saved[45].item(), right[45].item()
print(f"at 0: {at_zero:.2f}, the truth is {true_at_zero:.2f}")
#> at 0: 0.25, the truth is 0.50
print(f"lowest: {saved.min():.2f}, the truth is {right.min():.2f}")
#> lowest: 0.01, the truth is -0.04
figure, axes = plt.subplots()
axes.plot(x, right, "C0")
axes.plot(x, saved, "C1--")
axes.text(1.2, 0.35, "sigmoid recorded", color="C0")
axes.text(2.2, 0.12, "sigmoid saved", color="C1")
axes.set(xlabel="$x$", ylabel="second derivative", xticks=[-4, -2, 0, 2, 4])
