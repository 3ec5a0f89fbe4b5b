# wrong: meta_gradient is 1.2, the derivative is -0.24
# right: pitfalls/optimizer_step/functional.py
import torch

start = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([start], lr=0.1)
inner_loss = start**4
start.grad = torch.autograd.grad(inner_loss, start, create_graph=True)[0]
print("step requires grad:", start.grad.requires_grad)
#> step requires grad: True
optimizer.step()
outer_loss = start**2
meta_gradient = round(torch.autograd.grad(outer_loss, start)[0].item(), 4)
print("meta_gradient:", meta_gradient)
#> meta_gradient: 1.2
