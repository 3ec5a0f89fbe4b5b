import torch

net = torch.nn.Linear(2, 1, bias=False)
loss = net(torch.ones(1, 2)).pow(2).sum()
torch.autograd.functional.hessian(loss, net.weight)
#! TypeError: 'Tensor' object is not callable
