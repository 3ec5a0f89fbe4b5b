import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([0.5, -1.0], requires_grad=True)
y = (w * x).tanh().sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
penalty = dy_dx.pow(2).sum()
penalty.backward()
print([round(value, 4) for value in w.grad.tolist()])
#> [0.6654, -0.057]
