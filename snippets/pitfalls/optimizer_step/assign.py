# right: pitfalls/optimizer_step/maml_right.py
import torch

torch.manual_seed(0)
net = torch.nn.Linear(2, 1)
loss = net(torch.ones(1, 2)).pow(2).sum()
step = torch.autograd.grad(loss, net.weight, create_graph=True)[0]
print("step requires grad:", step.requires_grad)
#> step requires grad: True
net.weight = net.weight - 0.1 * step
#! TypeError: cannot assign 'torch.FloatTensor' as parameter 'weight'
#!   (torch.nn.Parameter or None expected)
