import torch

x = torch.tensor([[1.0], [2.0], [4.0]], requires_grad=True)
norm = torch.nn.BatchNorm1d(1, affine=False, momentum=1.0)


def influence():
    D = torch.tanh(norm(x))[:, 0]
    rows = [torch.autograd.grad(D[i], x, retain_graph=True)[0][:, 0] for i in range(3)]
    return torch.stack(rows).mul(100).round().div(100).tolist()


train = influence()
norm.eval()
evaluation = influence()
print(*train, sep="\n")
#> [0.09000000357627869, -0.12999999523162842, 0.03999999910593033]
#> [-0.3199999928474426, 0.47999998927116394, -0.1599999964237213]
#> [0.029999999329447746, -0.03999999910593033, 0.009999999776482582]
print(*evaluation, sep="\n")
#> [0.33000001311302185, 0.0, 0.0]
#> [0.0, 0.6200000047683716, 0.0]
#> [0.0, 0.0, 0.23999999463558197]
