import matplotlib.pyplot as plt
import torch

starts = torch.arange(61, dtype=torch.float64) / 40


def meta_gradient(state):
    a = starts.clone().requires_grad_()
    t = a.clone()
    options = {"momentum": 0.9, "differentiable": True}
    optimizer = torch.optim.SGD([t], lr=0.1, **options)
    optimizer.state[t].update(state)
    L = (t.clone() ** 4).sum()
    t.grad = torch.autograd.grad(L, t, create_graph=True)[0]
    optimizer.step()
    return torch.autograd.grad(t.pow(2).sum(), a)[0]


fresh = meta_gradient({})
zeros = meta_gradient({"momentum_buffer": torch.zeros_like(starts)})
opposite = starts[fresh * zeros < 0]
first, last = opposite[0].item(), opposite[-1].item()
print(f"at 1: {fresh[40]:.2f}, with a buffer of zeros {zeros[40]:.2f}")
#> at 1: 1.20, with a buffer of zeros -0.24
print(f"opposite signs from {first} to {last}")
#> opposite signs from 0.925 to 1.5
figure, axes = plt.subplots()
axes.plot(starts, zeros, "C0")
axes.plot(starts, fresh, "C1--")
axes.text(0.5, 0.2, "with a buffer of zeros", color="C0", ha="center")
axes.text(1.1, 1.25, "first step as it is", color="C1")
axes.set(xlabel="$a$", ylabel="meta-gradient", ylim=(-1, 1.5))
axes.set_xticks([0, 0.5, 1, 1.5])
