# wrong: hessian is [[0.0, 0.0], [0.0, 0.0]], the Hessian is [[2.0, 4.0], [4.0, 8.0]]
# right: pitfalls/functional_over_parameters/functional_call.py
import torch

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


def loss(weight):
    return net(x).pow(2).sum()


hessian = torch.autograd.functional.hessian(loss, net.weight).reshape(2, 2).tolist()
print(hessian)
#> [[0.0, 0.0], [0.0, 0.0]]
