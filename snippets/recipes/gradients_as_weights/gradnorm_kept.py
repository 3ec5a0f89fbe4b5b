import torch

torch.manual_seed(0)
trunk, heads = torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)
x, y = torch.randn(8, 3), torch.randn(8, 2)
w = torch.ones(2, requires_grad=True)  # the weights of two tasks
losses = (heads(torch.tanh(trunk(x))) - y).square().mean(0)
first, alpha = torch.tensor([1.0, 2.0]), 1.5  # losses at the start

(w * losses).sum().backward(inputs=[*trunk.parameters()], retain_graph=True)
norms = [
    torch.autograd.grad(w[i] * losses[i], trunk.weight, create_graph=True)[0].norm()
    for i in range(2)
]
G, speed = torch.stack(norms), (losses / first).detach()
target = (G.mean() * (speed / speed.mean()) ** alpha).detach()
(slope,) = torch.autograd.grad((G - target).abs().sum(), w)
print([round(s, 4) for s in slope.tolist()])
#> [-0.535, 0.8302]
gradient = [round(g, 4) for g in trunk.weight.grad[0].tolist()]
print(gradient)
#> [-0.222, -0.0085, 0.0387]
