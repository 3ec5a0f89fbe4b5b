import torch

net = torch.nn.Linear(2, 1)
torch.nn.init.constant_(net.weight, 2.0)
torch.nn.init.zeros_(net.bias)
loss = net(torch.tensor([1.0, 0.0])).pow(2).sum()
parameters = list(net.parameters())
gradients = torch.autograd.grad(loss, parameters, create_graph=True, materialize_grads=True)
penalty = sum(g.pow(2).sum() for g in gradients)
print("penalty:", penalty.item(), "requires_grad:", penalty.requires_grad)
#> penalty: 32.0 requires_grad: True
