import matplotlib.pyplot as plt
import torch

x = torch.tensor([-1.0, -1e-6, 0.0, 1e-6, 1.0], requires_grad=True)


def derivatives(hinge):
    h = hinge(x)
    h_x = torch.autograd.grad(h.sum(), x, retain_graph=True)[0]
    u_x = torch.autograd.grad(h.pow(2).sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x)[0]
    return h_x.tolist(), u_xx.tolist()


relu = derivatives(torch.relu)
maximum = derivatives(lambda x: torch.maximum(x, torch.zeros(5)))
clamp = derivatives(lambda x: x.clamp(min=0))
print("relu:", *relu)
#> relu: [0.0, 0.0, 0.0, 1.0, 1.0] [0.0, 0.0, 0.0, 2.0, 2.0]
print("maximum:", *maximum)
#> maximum: [0.0, 0.0, 0.5, 1.0, 1.0] [0.0, 0.0, 0.5, 2.0, 2.0]
print("clamp:", *clamp)
#> clamp: [0.0, 0.0, 1.0, 1.0, 1.0] [0.0, 0.0, 2.0, 2.0, 2.0]
figure, panels = plt.subplots(1, 2, figsize=(6.4, 2.6))
curves = {"relu": relu, "maximum": maximum, "clamp": clamp}
for (name, found), marker in zip(curves.items(), "osD"):
    for panel, y in zip(panels, found):
        panel.plot([-1, 0, None, 0, 1], [*y[:2], None, *y[3:]], "C0")
        panel.plot(0, y[2], "C1" + marker, markersize=8)
        panel.annotate(name, (0, y[2]), (10, 5), textcoords="offset points")
        panel.margins(y=0.15)
titles = "slope of max(0, x)", "second derivative of its square"
for panel, title in zip(panels, titles):
    panel.set(title=title, xlabel="x", xticks=[-1, 0, 1])
panels[0].set_yticks([0, 0.5, 1])
panels[1].set_yticks([0, 0.5, 2])
