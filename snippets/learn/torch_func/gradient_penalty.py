import torch
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
)
x = torch.randn(8, 3)
params = dict(model.named_parameters())


def output(params, x_i):
    return functional_call(model, params, (x_i,)).squeeze()


def P(params):
    dy_dx = vmap(grad(output, argnums=1), in_dims=(None, 0))(params, x)
    return dy_dx.pow(2).sum()


dP_dparams = grad(P)(params)
dP_db = dP_dparams["0.bias"]
print([round(value, 4) for value in dP_db.tolist()])
#> [-0.0355, 0.1273, 0.0929, 0.0023]
print(dP_dparams["2.bias"])
#> tensor([0.])
