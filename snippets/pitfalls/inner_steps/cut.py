import matplotlib.pyplot as plt
import torch


def adapt(w, steps):
    for _ in range(steps):
        L = w**4 / 4
        w = w - 0.1 * torch.autograd.grad(L, w, create_graph=True)[0]
    return w


def outer(kept):
    w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    start = adapt(w, 8 - kept).detach().requires_grad_()
    J = adapt(start, kept) ** 2 / 2
    return torch.autograd.grad(J, start)[0].item()


found = [outer(kept) for kept in range(9)]
none, four, all_eight = found[0], found[4], found[8]
print(f"none: {none:.4f}, four: {four:.4f}, all eight: {all_eight:.4f}")
#> none: 0.6017, four: 0.3347, all eight: 0.1158
figure, axes = plt.subplots()
axes.plot(range(9), found, "C1o--")
axes.plot(8, found[8], "C0o", markersize=9)
axes.axhline(found[8], color="C0")
axes.text(0.2, found[0], "first order", color="C1")
axes.text(4.2, found[4], "the last four", color="C1")
axes.text(7.9, 0.05, "all eight", color="C0", ha="right")
axes.set(xlabel="inner steps that are kept", ylabel="outer gradient")
axes.set_ylim(0, 0.7)
