import torch

w = torch.tensor([-1.0, -1.0], requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.relu(w @ x)
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
P = (dy_dx.pow(2).sum().sqrt() - 1) ** 2
P.backward()
print("P is finite:", P.isfinite().item(), "its gradient:", w.grad.isfinite().all().item())
#> P is finite: True its gradient: False
