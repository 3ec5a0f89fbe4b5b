import torch

weight = torch.tensor(
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True
)
rows = torch.nn.functional.embedding(torch.tensor([0, 2]), weight)
loss = (rows**3).sum()
grad = torch.autograd.grad(loss, weight, create_graph=True)[0]
penalty = grad.pow(2).sum()
dP_dw = torch.autograd.grad(penalty, weight)[0].tolist()
print(dP_dw)
#> [[36.0, 288.0], [0.0, 0.0], [4500.0, 7776.0]]
