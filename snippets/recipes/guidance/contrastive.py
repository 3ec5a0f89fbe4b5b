import torch

data = torch.tensor([-2.0, 1.0, 0.5])
k = torch.tensor(0.5, requires_grad=True)
energy = lambda x: k * x**2 / 2
# Where a long chain ends, as a function of k: normal, with variance 1 / k.
z = torch.erfinv(torch.linspace(-0.999, 0.999, 1000)) * 2**0.5
chain = z / k.sqrt()

slopes = {}
for name, negative in {"detached": chain.detach(), "attached": chain}.items():
    loss = energy(data).mean() - energy(negative).mean()
    (dL_dk,) = torch.autograd.grad(loss, k, retain_graph=True)
    slopes[name] = dL_dk.item()
    print(f"{name}: {slopes[name]:.2f}")
#> detached: -0.12
#> attached: 0.88
detached, attached = slopes.values()
