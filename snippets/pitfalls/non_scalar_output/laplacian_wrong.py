# wrong: laplacian is 26.0, the trace of the Hessian is 10.0
# right: pitfalls/non_scalar_output/laplacian.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = x[0] ** 2 * x[1] ** 2
g = torch.autograd.grad(u, x, create_graph=True)[0]
second = torch.autograd.grad(g.sum(), x)[0]
laplacian = second.sum().item()
print("second:", second.tolist(), "laplacian:", laplacian)
#> second: [16.0, 10.0] laplacian: 26.0
