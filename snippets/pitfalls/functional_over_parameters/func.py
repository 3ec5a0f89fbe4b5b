# wrong: hessian is [[0.0, 0.0], [0.0, 0.0]], the Hessian is [[2.0, 4.0], [4.0, 8.0]]
# right: pitfalls/functional_over_parameters/func_right.py
import warnings

import torch

warnings.simplefilter("ignore", DeprecationWarning)
net = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(net.weight)
x = torch.tensor([[1.0, 2.0]])
# --8<-- [start:hessian]
params = dict(net.named_parameters())
loss = lambda p: net(x).pow(2).sum()
hessians = torch.func.hessian(loss)(params)
# --8<-- [end:hessian]
hessian = hessians["weight"]["weight"].reshape(2, 2).tolist()
print(hessian)
#> [[0.0, 0.0], [0.0, 0.0]]
