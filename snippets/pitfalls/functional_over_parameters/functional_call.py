import torch
from torch.func import functional_call

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


# --8<-- [start:loss]
def loss(weight):
    # --8<-- [mark]
    u = functional_call(net, {"weight": weight}, (x,))
    return u.pow(2).sum()


hessian = torch.autograd.functional.hessian(loss, net.weight)
# --8<-- [end:loss]
hessian = hessian.reshape(2, 2)
curvature = hessian.trace().item()
print(hessian.tolist())
#> [[2.0, 4.0], [4.0, 8.0]]
