import torch

torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
)
x = torch.randn(8, 3).requires_grad_()

dy_dx = torch.autograd.grad(
    model(x).sum(), x, create_graph=True
)[0]
P = dy_dx.pow(2).sum()
P.backward()
dP_db = model[0].bias.grad
print([round(value, 4) for value in dP_db.tolist()])
#> [-0.0355, 0.1273, 0.0929, 0.0023]
print(model[2].bias.grad)
#> None
