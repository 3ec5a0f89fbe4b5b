import torch

torch.set_default_dtype(torch.float64)
X = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.3, -2.0]])
y = torch.tensor([1.0, -1.0, 1.0])
w = torch.tensor([0.5, -1.0], requires_grad=True)
loss = torch.nn.functional.softplus(-y * (X @ w)).mean()
v = torch.tensor([1.0, 3.0])
gradient = torch.autograd.grad(loss, w, create_graph=True)[0]
Hv = torch.autograd.grad(gradient, w, v)[0]
print([round(value, 4) for value in Hv.tolist()])
#> [0.262, 1.0675]
