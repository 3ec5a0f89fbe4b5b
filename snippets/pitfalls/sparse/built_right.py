import torch

i = torch.tensor([[0, 1, 1], [0, 0, 1]])
v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = torch.tensor([1.0, 2.0])
row, column = i
# --8<-- [mark]
y = torch.zeros(2).index_add(0, row, v * b[column])
loss = y.pow(3).sum()
slope = torch.autograd.grad(loss, v, create_graph=True)[0]
total = loss + slope.square().sum()
dT_dv = torch.autograd.grad(total, v)[0].tolist()
print(slope.tolist(), dT_dv)
#> [3.0, 192.0, 384.0] [39.0, 92352.0, 184704.0]
