import torch

x = torch.tensor([0.4, 1.7], requires_grad=True)
rounded = torch.autograd.grad(x.round().sum(), x)[0]

print("round:", rounded.tolist())
#> round: [0.0, 0.0]
print("argmax requires_grad:", x.argmax().requires_grad)
#> argmax requires_grad: False
print("comparison requires_grad:", (x > 1).requires_grad)
#> comparison requires_grad: False
print("item is a plain number:", x.sum().item().__class__.__name__)
#> item is a plain number: float
