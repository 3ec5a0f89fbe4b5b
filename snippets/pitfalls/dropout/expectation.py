import torch

torch.manual_seed(0)
x = torch.ones(100_000, requires_grad=True)
net = torch.nn.Dropout(p=0.5)
P = []
for mode in (True, False):
    net.train(mode)
    u = net(x**3).sum()
    g = torch.autograd.grad(u, x)[0]
    P.append(g.pow(2).mean().item())
print(f"train: {P[0]:.0f}, eval: {P[1]:.0f}, ratio: {P[0] / P[1]:.1f}")
#> train: 18, eval: 9, ratio: 2.0
