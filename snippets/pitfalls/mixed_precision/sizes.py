import matplotlib.pyplot as plt
import torch

sizes = [10 ** (k / 8) for k in range(-40, 17)]


def slope(size, to):
    w = torch.full((1000,), size, dtype=torch.float16, requires_grad=True)
    g = torch.autograd.grad((w**2 / 2).sum(), w, create_graph=True)[0]
    length = g.to(to).pow(2).sum().sqrt()
    return torch.autograd.grad(length, w)[0][0].item() * 1000**0.5


half = [slope(size, torch.float16) for size in sizes]
single = [slope(size, torch.float32) for size in sizes]
for k in (0, 10, 40, 56):
    print(f"{sizes[k]:.4g}: float16 {half[k]:.2f}, float32 {single[k]:.2f}")
#> 1e-05: float16 inf, float32 1.00
#> 0.0001778: float16 0.73, float32 1.00
#> 1: float16 1.00, float32 1.00
#> 100: float16 0.00, float32 1.00
figure, axes = plt.subplots()
axes.semilogx(sizes, single, "C0")
axes.semilogx(sizes, half, "C1--")
axes.text(1.2e-5, 1.3, "float16: infinite", color="C1")
axes.text(6, 0.1, "float16: zero", color="C1", ha="right")
axes.text(0.1, 1.08, "square in float32", color="C0", ha="center")
axes.set_xlabel("size of each gradient")
axes.set_ylabel("slope of the length / true slope")
axes.set(ylim=(-0.1, 1.5), yticks=[0, 0.5, 1, 1.5])
axes.minorticks_off()
