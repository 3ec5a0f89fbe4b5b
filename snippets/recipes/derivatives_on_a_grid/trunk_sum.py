# wrong: u_x is [[3.0, 3.0], [3.0, 3.0]], the derivative is [[1.0, 1.0], [2.0, 2.0]]
# right: recipes/derivatives_on_a_grid/trunk.py
import torch

branch = torch.tensor([[1.0], [2.0]])  # two input functions
x = torch.tensor([[0.0], [1.0]], requires_grad=True)  # shared points
trunk = torch.nn.Identity()
u = branch @ trunk(x).T  # (functions, points)
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_x = u_x.T.expand_as(u).tolist()
print(u_x)
#> [[3.0, 3.0], [3.0, 3.0]]
