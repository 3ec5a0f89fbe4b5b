import torch

x = torch.tensor(3.0, requires_grad=True)
y = x**3
first = torch.autograd.grad(y, x, create_graph=True)[0]
# --8<-- [mark]
second = torch.autograd.grad(first, x)[0].item()
print("second:", second)
#> second: 18.0
