import matplotlib.pyplot as plt
import torch

w = torch.tensor([3.0, 4.0])
samples = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
sizes = [2, 4, 8, 16, 32, 64]


def penalty(size, reduce):
    x = samples.repeat(size // 2, 1).requires_grad_()
    g = torch.autograd.grad(reduce((x**2) @ w), x, create_graph=True)[0]
    return ((g.norm(dim=1) - 1) ** 2).mean().item()


by_sum = [round(penalty(size, torch.sum), 4) for size in sizes]
by_mean = [round(penalty(size, torch.mean), 4) for size in sizes]
print("sum:", by_sum, "mean:", by_mean, sep="\n")
#> sum:
#> [17.0, 17.0, 17.0, 17.0, 17.0, 17.0]
#> mean:
#> [2.5, 0.125, 0.1562, 0.4766, 0.7129, 0.8501]
at_every_size, at_two = by_sum[0], by_mean[0]
curve, axes = plt.subplots(figsize=(6.4, 2.6))
axes.semilogx(sizes, by_sum, "C0o-", base=2)
axes.semilogx(sizes, by_mean, "C1s--", base=2)
axes.annotate("D.sum()", (16, 17), (0, -14), textcoords="offset points")
axes.annotate("D.mean()", (16, by_mean[3]), (0, 8), textcoords="offset points")
axes.set(xlabel="batch size", ylabel="penalty P", xticks=sizes, xticklabels=sizes, ylim=(-1, 19))
