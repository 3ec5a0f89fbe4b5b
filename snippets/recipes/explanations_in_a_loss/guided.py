import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
net = net.double()
x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)

hidden = net[:2](x)  # behind a ReLU, which blocks inactive units by itself
hook = hidden.register_hook(lambda g: g.clamp(min=0))
score = net[2](hidden).log_softmax(1)[:, 0]
(guided,) = torch.autograd.grad(score.sum(), x, create_graph=True)
hook.remove()  # before the second backward pass
loss = guided.square().sum()
(slope,) = torch.autograd.grad(loss, net[0].weight)
gradient = [round(g, 5) for g in slope[5].tolist()]
print(gradient)
#> [0.00856, 0.02779, 0.03725]
