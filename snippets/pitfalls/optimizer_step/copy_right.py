import torch
from torch.func import functional_call

net = torch.nn.Linear(1, 1, bias=False).double()
torch.nn.init.constant_(net.weight, 3.0)
x = torch.ones(1, 1, dtype=torch.float64)
inner_loss = net(x).pow(2).sum()
step = torch.autograd.grad(inner_loss, net.weight, create_graph=True)[0]
fast = {"weight": net.weight - 0.4 * step}
functional_call(net, fast, (x,)).pow(2).sum().backward()
meta_gradient = round(net.weight.grad.item(), 4)
print("meta gradient:", meta_gradient)
#> meta gradient: 0.24
