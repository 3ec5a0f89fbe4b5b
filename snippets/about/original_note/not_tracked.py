import torch

x = torch.tensor([0.4, 1.6], requires_grad=True)
print("comparison:", (x > 1).requires_grad)
#> comparison: False
print("argmax:", x.argmax().requires_grad)
#> argmax: False
print("an integer dtype:", x.long().requires_grad)
#> an integer dtype: False
print("item:", isinstance(x[0].item(), float))
#> item: True
norm = torch.nn.BatchNorm1d(1)
norm(x[:, None])
print("running_mean of BatchNorm1d:", norm.running_mean.requires_grad)
#> running_mean of BatchNorm1d: False
(x**2).sum().backward()
print("x.grad:", x.grad.requires_grad)
#> x.grad: False
