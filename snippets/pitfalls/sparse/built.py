# wrong: dT_dv is [3.0, 192.0, 384.0], the derivative is [39.0, 92352.0, 184704.0]
# right: pitfalls/sparse/built_right.py
import torch

i = torch.tensor([[0, 1, 1], [0, 0, 1]])
v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = torch.tensor([1.0, 2.0])
# --8<-- [mark]
A = torch.sparse_coo_tensor(i, v, (2, 2), check_invariants=True)
y = torch.sparse.mm(A, b[:, None])[:, 0]
loss = y.pow(3).sum()
slope = torch.autograd.grad(loss, v, create_graph=True)[0]
total = loss + slope.square().sum()
dT_dv = torch.autograd.grad(total, v)[0].tolist()
print(slope.tolist(), dT_dv)
#> [3.0, 192.0, 384.0] [3.0, 192.0, 384.0]
