import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)


def energy(x):
    return (w * x**3).sum()


for mode in (torch.no_grad, torch.inference_mode):
    with mode():
        x = torch.tensor([1.0, 3.0])
        slope = torch.func.grad(energy)(x)
    print(f"{mode.__name__}: {slope.tolist()}, {slope.requires_grad}")
#> no_grad: [3.0, 54.0], False
#> inference_mode: [3.0, 54.0], False
