# wrong: curvature is 0.0, the trace of the Hessian is 10.0
# right: pitfalls/functional_over_parameters/functional_call.py
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters

net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])


# --8<-- [start:loss]
def loss(vector):
    # --8<-- [mark]
    vector_to_parameters(vector, net.parameters())
    return net(x).pow(2).sum()


vector = parameters_to_vector(net.parameters()).detach()
hessian = torch.autograd.functional.hessian(loss, vector)
# --8<-- [end:loss]
curvature = hessian.trace().item()
print(hessian.tolist())
#> [[0.0, 0.0], [0.0, 0.0]]
