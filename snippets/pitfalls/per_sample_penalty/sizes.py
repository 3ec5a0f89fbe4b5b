import matplotlib.pyplot as plt
import torch

pair = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
w = torch.tensor([3.0, 4.0])
sizes = [2, 4, 6, 8, 12, 16, 24, 32, 48, 64]


def penalties(size):
    x = pair.repeat(size // 2, 1).requires_grad_()
    D = (x**2) @ w
    by_sum = torch.autograd.grad(D.sum(), x, retain_graph=True)[0]
    by_mean = torch.autograd.grad(D.mean(), x)[0]
    lengths = by_sum.norm(dim=1), by_mean.norm(dim=1), by_sum.norm()
    squares = [((length - 1) ** 2).mean().item() for length in lengths]
    return [round(square, 4) for square in squares]


right, mean, whole = zip(*map(penalties, sizes))
lowest, last, highest = min(mean), mean[-1], max(whole)
print("64 samples:", right[-1], last, highest)
#> 64 samples: 17.0 0.8501 1583.4156
figure, axes = plt.subplots()
axes.loglog(sizes, whole, "C3s:", markersize=5)
axes.loglog(sizes, right, "C0o-", markersize=5)
axes.loglog(sizes, mean, "C1D--", markersize=5)
axes.text(20, 900, "one norm over the whole batch", color="C3", ha="right")
axes.text(20, 22, "sum, length per sample, mean", color="C0", ha="right")
axes.text(20, 0.8, "a mean inside", color="C1", ha="right")
axes.set(xlabel="batch size", ylabel="penalty")
axes.set_xticks([2, 4, 8, 16, 32, 64], [2, 4, 8, 16, 32, 64])
axes.minorticks_off()
