# wrong: dP_db is [0.0, 0.0, 0.0, 0.0], the gradient is [-0.0355, 0.1273, 0.0929, 0.0023]
# right: learn/torch_func/gradient_penalty.py
import torch
from torch.func import grad, vmap

torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
)
x = torch.randn(8, 3)
params = dict(model.named_parameters())


def output(x_i):
    return model(x_i).squeeze()


def P(params):
    dy_dx = vmap(grad(output))(x)
    return dy_dx.pow(2).sum()


dP_dparams = grad(P)(params)
dP_db = dP_dparams["0.bias"]
print(dP_db)
#> tensor([0., 0., 0., 0.])
