import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)


def validation_step(x):
    with torch.inference_mode(False), torch.enable_grad():
        x = x.clone().requires_grad_()
        energy = (w * x**2).sum()
        return torch.autograd.grad(energy, x)[0]


with torch.inference_mode():
    forces = validation_step(torch.tensor([3.0, 4.0]))
print("forces:", forces.tolist())
#> forces: [6.0, 16.0]
