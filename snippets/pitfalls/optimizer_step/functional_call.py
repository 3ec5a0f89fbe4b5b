import torch
from torch.func import functional_call

torch.manual_seed(0)
net = torch.nn.Linear(2, 1).double()
x = torch.ones(1, 2, dtype=torch.float64)
params = dict(net.named_parameters())
loss = functional_call(net, params, (x,)).pow(2).sum()
steps = torch.autograd.grad(loss, list(params.values()), create_graph=True)
adapted = {name: p - 0.1 * g for (name, p), g in zip(params.items(), steps)}
outer_loss = functional_call(net, adapted, (x,)).pow(2).sum()
outer_loss.backward()
meta_gradient = net.weight.grad.flatten().tolist()
y = net(x).item()
print("y:", round(y, 4), "meta gradient:", [round(g, 4) for g in meta_gradient])
#> y: -0.208 meta gradient: [-0.0665, -0.0665]
