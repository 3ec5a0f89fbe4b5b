import matplotlib.pyplot as plt
import torch

x = torch.arange(-40, 41, dtype=torch.float64) / 40


def slope(length):
    w = torch.stack([x, torch.zeros(81)], dim=1).requires_grad_()
    g = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    return torch.autograd.grad(length(g).sum(), w)[0][:, 0]


root = slope(lambda g: g.pow(2).sum(dim=1).sqrt())
norm = slope(lambda g: torch.linalg.vector_norm(g, dim=1))
small = slope(lambda g: (g.pow(2).sum(dim=1) + 0.01).sqrt())
large = slope(lambda g: (g.pow(2).sum(dim=1) + 1).sqrt())
print("at zero:", root[40].item(), norm[40].item(), small[40].item(), large[40].item())
#> at zero: nan 0.0 0.0 0.0
print("beside it:", *[round(y[41].item(), 2) for y in (root, norm, small, large)])
#> beside it: 2.0 2.0 0.89 0.1
figure, axes = plt.subplots()
axes.plot(x, root, "C0")
axes.plot(0, norm[40], "C0o", markersize=8)
axes.plot(x, small, "C1--")
axes.plot(x, large, "C2:", linewidth=3)
axes.text(-0.02, 1.85, "square root: nan at zero", color="C0", ha="right")
axes.text(0.08, -0.25, "vector_norm: 0 at zero", color="C0")
axes.text(0.13, 1.5, "eps = 0.01", color="C1")
axes.text(0.42, 0.9, "eps = 1", color="C2")
axes.set(xlabel="$w_1$, at $w_2 = 0$", ylabel="slope of the length", xticks=[-1, 0, 1])
