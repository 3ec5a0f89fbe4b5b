import torch

with torch.inference_mode():
    w = torch.tensor([1.0, 2.0])
x = torch.tensor([3.0, 4.0], requires_grad=True)
energy = (w.clone() * x**2).sum()
forces = torch.autograd.grad(energy, x)[0]
print("forces:", forces.tolist())
#> forces: [6.0, 16.0]
