# right: pitfalls/frameworks/validation_right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)


def validation_step(x):
    with torch.enable_grad():
        x = x.clone().requires_grad_()
        energy = (w * x**2).sum()
        return torch.autograd.grad(energy, x)[0]


with torch.inference_mode():
    forces = validation_step(torch.tensor([3.0, 4.0]))
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
