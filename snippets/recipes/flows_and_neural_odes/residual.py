import torch

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3)
).double()
x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)


def divergence(v, x):
    rows = [
        torch.autograd.grad(v[:, i].sum(), x, create_graph=True)[0][:, i]
        for i in range(x.shape[1])
    ]
    return sum(rows)


out = net(x)
of_velocity = divergence(out - x, x)  # dx/dt = net(x) - x
of_net = divergence(out, x)
agree = torch.allclose(of_velocity, of_net - x.shape[1])
print("minus the dimension:", agree)
#> minus the dimension: True
