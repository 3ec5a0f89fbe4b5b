import torch

x = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)
norm = torch.nn.BatchNorm1d(1, affine=False, momentum=1.0)


def influence():
    D = torch.tanh(norm(x))[:, 0]
    rows = [torch.autograd.grad(one, x, retain_graph=True)[0] for one in D]
    columns = [row[:, 0].tolist() for row in rows]
    return [[round(entry, 2) for entry in row] for row in columns]


train = influence()
norm.eval()
evaluation = influence()
print(*train, sep="\n")
#> [0.09, -0.13, 0.04]
#> [-0.32, 0.48, -0.16]
#> [0.03, -0.04, 0.01]
print(*evaluation, sep="\n")
#> [0.33, 0.0, 0.0]
#> [0.0, 0.62, 0.0]
#> [0.0, 0.0, 0.24]
