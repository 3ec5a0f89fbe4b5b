import matplotlib.pyplot as plt
import torch

eps = 1e-6
steps = torch.arange(-40, 41, dtype=torch.float64) / 10


def slope(length):
    w = torch.stack([eps * steps, torch.zeros(81)], dim=1).requires_grad_()
    g = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    return torch.autograd.grad(length(g).sum(), w)[0][:, 0]


plus = slope(lambda g: torch.linalg.vector_norm(g + eps, dim=1))
minus = slope(lambda g: torch.linalg.vector_norm(g - eps, dim=1))
under = slope(lambda g: (g.pow(2).sum(dim=1) + eps**2).sqrt())
at_zero = [y[40].item() for y in (plus, minus, under)]
print("at zero:", *[f"{y:.4f}" for y in at_zero])
#> at zero: 1.4142 -1.4142 0.0000
figure, axes = plt.subplots()
axes.plot(steps, plus, "C1--")
axes.plot(steps, minus, "C3:", linewidth=3)
axes.plot(steps, under, "C0")
for y, style in zip(at_zero, ("C1s", "C3D", "C0o")):
    axes.plot(0, y, style, markersize=7)
axes.text(-0.5, 0.6, "g + eps", color="C1", ha="right")
axes.text(0.8, 0.6, "g \N{MINUS SIGN} eps", color="C3")
line = {"arrowstyle": "-", "color": "C0"}
axes.annotate(
    "under the root", (0, 0), (1.2, -0.8), color="C0", arrowprops=line
)
axes.set(xlabel="$w_1$ / eps, at $w_2 = 0$", ylabel="slope of the length")
axes.set_yticks([-2, 0, 2])
