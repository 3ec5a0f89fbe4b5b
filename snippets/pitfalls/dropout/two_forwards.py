# wrong: same_network is False, the answer is True
# right: pitfalls/dropout/one_forward.py
import torch

torch.manual_seed(0)
x = torch.linspace(1.0, 2.0, 1000, requires_grad=True)
net = torch.nn.Dropout(p=0.5)
loss = net(x**3).sum()
g = torch.autograd.grad(net(x**3).sum(), x, create_graph=True)[0]
penalty = g.pow(2).sum()
in_loss = torch.autograd.grad(loss, x, retain_graph=True)[0] != 0
in_penalty = torch.autograd.grad(penalty, x)[0] != 0
same_network = torch.equal(in_loss, in_penalty)
print("loss and penalty use the same units:", same_network)
#> loss and penalty use the same units: False
