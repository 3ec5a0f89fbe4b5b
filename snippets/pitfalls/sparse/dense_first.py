import torch

i = torch.tensor([[0, 1, 1], [0, 0, 1]])
v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
dense = torch.zeros(2, 2).index_put(tuple(i), v, accumulate=True)
entries = dense.to_sparse().coalesce().values()
slope = torch.autograd.grad(entries.pow(3).sum(), v, create_graph=True)[0]
dP_dv = torch.autograd.grad(slope.square().sum(), v)[0].tolist()
print(slope.tolist(), dP_dv)
#> [3.0, 12.0, 27.0] [36.0, 288.0, 972.0]
