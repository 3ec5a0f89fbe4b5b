import matplotlib.pyplot as plt
import torch

x = torch.linspace(-1, 1, 81, dtype=torch.float64).reshape(-1, 1).requires_grad_()
curve, panels = plt.subplots(1, 2, figsize=(6.4, 2.6))
found = {}
for unit, line in ((torch.nn.ReLU(), "C1--"), (torch.nn.Tanh(), "C0")):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(1, 8), unit, torch.nn.Linear(8, 1)).double()
    u = net(x)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x)[0]
    found[str(unit)] = [values.flatten().tolist() for values in (u_x, u_xx)]
    for panel, values in zip(panels, found[str(unit)]):
        panel.plot(x.flatten().tolist(), values, line, label=str(unit)[:-2])
panels[0].set(title="∂u/∂x", xlabel="x")
panels[1].set(title="∂²u/∂x²", xlabel="x")
panels[1].legend()
relu, tanh = found["ReLU()"], found["Tanh()"]
bends = len({round(slope, 9) for slope in relu[0]}) - 1
bend_of_relu, bend_of_tanh = (round(max(map(abs, u[1])), 3) for u in (relu, tanh))
print("steps of the slope:", bends, "largest curvature:", bend_of_relu, "and", bend_of_tanh)
#> steps of the slope: 4 largest curvature: 0.0 and 0.367
