# wrong: meta_gradient is 0.0, the derivative is -0.24
# right: pitfalls/optimizer_step/functional.py
import torch

start = torch.nn.Parameter(torch.tensor(1.0))
step = torch.autograd.grad(start**4, start, create_graph=True)[0]
print("step requires grad:", step.requires_grad)
#> step requires grad: True
adapted = torch.nn.Parameter(start - 0.1 * step)
outer_loss = adapted**2
(gradient,) = torch.autograd.grad(outer_loss, start, materialize_grads=True)
meta_gradient = round(gradient.item(), 4)
print("meta_gradient:", meta_gradient)
#> meta_gradient: 0.0
