import torch

w = torch.tensor([-1.0, -1.0], requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.relu(w @ x)
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
P = (torch.linalg.vector_norm(dy_dx) - 1) ** 2
dP_dw = torch.autograd.grad(P, w)[0]
print("dy_dx:", dy_dx.tolist(), "P:", P.item(), "dP_dw:", dP_dw.tolist())
#> dy_dx: [-0.0, -0.0] P: 1.0 dP_dw: [0.0, 0.0]
