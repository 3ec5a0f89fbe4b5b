import torch

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
).double()
x, y = torch.randn(8, 3).double(), torch.randn(8, 1).double()
params = list(net.parameters())  # a list: a generator is empty the next time
v = [torch.randn_like(p) for p in params]

loss = (net(x) - y).pow(2).mean()
g = torch.autograd.grad(
    loss, params, create_graph=True
)
# --8<-- [mark]
along = sum((a * b).sum() for a, b in zip(g, v))
# --8<-- [mark]
Hv = torch.autograd.grad(along, params)

curvature = sum((a * b).sum() for a, b in zip(Hv, v)).item()
print(len(Hv), f"{curvature:.4f}")
#> 4 8.2195
