import torch

start = torch.tensor(1.0, requires_grad=True)
step = torch.autograd.grad(start**4, start, create_graph=True)[0]
by_hand = start - 0.1 * step
optimizer = torch.optim.SGD([start], lr=0.1)
start.grad = step.detach()
optimizer.step()
print("by hand:", by_hand.grad_fn.name(), step.requires_grad)
#> by hand: SubBackward0 True
print("by the optimizer:", start.grad_fn)
#> by the optimizer: None
