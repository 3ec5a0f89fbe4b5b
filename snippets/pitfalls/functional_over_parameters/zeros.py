# wrong: curvature is 0.0, the trace of the Hessian is 10.0
# right: pitfalls/functional_over_parameters/functional_call.py
import torch

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


# --8<-- [start:loss]
def loss(weight):
    # --8<-- [mark]
    return net(x).pow(2).sum()


hessian = torch.autograd.functional.hessian(loss, net.weight)
# --8<-- [end:loss]
hessian = hessian.reshape(2, 2)
curvature = hessian.trace().item()
print(hessian.tolist())
#> [[0.0, 0.0], [0.0, 0.0]]
