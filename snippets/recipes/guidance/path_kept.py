import torch

start = torch.tensor(2.0, requires_grad=True)  # of an initial model
k = torch.tensor(0.5, requires_grad=True)  # of an energy
x = start
for _ in range(3):
    E = k * x**2 / 2
    # --8<-- [mark]
    (g,) = torch.autograd.grad(E, x, create_graph=True)
    x = x - 0.2 * g
loss = (x - 1) ** 2
slopes = torch.autograd.grad(loss, (start, k), materialize_grads=True)
slopes = [round(s.item(), 4) for s in slopes]
print(f"x {x.item():.3f}, slopes {slopes}")
#> x 1.458, slopes [0.6678, -0.8904]
