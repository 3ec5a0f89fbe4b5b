import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
own = x.pow(2).sum(dim=1)
coupled = own - own.mean()
for name, u in (("own", own), ("coupled", coupled)):
    summed = torch.autograd.grad(u.sum(), x, retain_graph=True)[0]
    single = torch.autograd.grad(u[0], x, retain_graph=True)[0]
    print(f"{name}: sum {summed[0].tolist()}, alone {single[0].tolist()}")
#> own: sum [2.0, 4.0], alone [2.0, 4.0]
#> coupled: sum [0.0, 0.0], alone [1.0, 2.0]
