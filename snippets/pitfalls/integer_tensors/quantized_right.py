import torch

quantized = torch.tensor([[12, -7], [3, 90]], dtype=torch.int8)
weight = torch.nn.Parameter(quantized, requires_grad=False)
x = torch.tensor([1.0, 2.0], requires_grad=True)
energy = torch.tanh(weight.float() @ x / 100).sum()
slope = torch.autograd.grad(energy, x, create_graph=True)[0]
print("requires_grad:", slope.requires_grad)
#> requires_grad: True
