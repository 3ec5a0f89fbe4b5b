import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = x[0] ** 2 * x[1] ** 2
g = torch.autograd.grad(u, x, create_graph=True)[0]
second = [
    torch.autograd.grad(g[i], x, create_graph=True)[0][i]  # to train on
    for i in range(2)
]
laplacian = sum(second)
print("second:", [one.item() for one in second])
#> second: [8.0, 2.0]
print("laplacian:", laplacian.item(), laplacian.requires_grad)
#> laplacian: 10.0 True
