# wrong: curvature is 4.0, the trace of the Hessian is 14.0
# right: pitfalls/functional_over_parameters/regularized_right.py
import torch

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


def loss(weight):
    return net(x).pow(2).sum() + weight.pow(2).sum()


# --8<-- [mark]
hessian = torch.autograd.functional.hessian(
    loss,
    net.weight,
    strict=True,
)
curvature = hessian.reshape(2, 2).trace().item()
print("curvature:", curvature)
#> curvature: 4.0
