import torch

x = torch.tensor([2.0, 3.0, 5.0], requires_grad=True)
group = torch.tensor([0, 0, 0])
# As scatter_mul of torch_scatter: 2 * 3 * 5.
z = torch.ones(1).scatter_reduce(0, group, x, "prod")
(g,) = torch.autograd.grad(z.sum(), x, create_graph=True)
(sums,) = torch.autograd.grad(g.sum(), x, retain_graph=True)
H = torch.stack([torch.autograd.grad(one, x, retain_graph=True)[0] for one in g])
print([round(s, 3) for s in sums.tolist()])
#> [8.0, 7.0, 5.0]
print(H.tolist())
#> [[0.0, 5.0, 3.0], [5.0, 0.0, 2.0], [3.0, 2.0, 0.0]]
