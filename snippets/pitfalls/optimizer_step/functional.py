import torch

start = torch.tensor(1.0, requires_grad=True)
inner_loss = start**4
step = torch.autograd.grad(inner_loss, start, create_graph=True)[0]
adapted = start - 0.1 * step
outer_loss = adapted**2
meta_gradient = round(torch.autograd.grad(outer_loss, start)[0].item(), 4)
print("meta_gradient:", meta_gradient)
#> meta_gradient: -0.24
