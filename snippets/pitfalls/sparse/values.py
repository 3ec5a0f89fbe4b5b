import torch

weight = torch.tensor(
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True
)
rows = torch.nn.functional.embedding(
    torch.tensor([0, 2, 0]), weight, sparse=True
)
loss = (rows**3).sum()
grad = torch.autograd.grad(loss, weight, create_graph=True)[0]
entries = grad.coalesce().values()
print("entries:", entries.tolist(), "requires grad:", entries.requires_grad)
#> entries: [[6.0, 24.0], [75.0, 108.0]] requires grad: True
print(
    "_values():",
    grad._values().tolist(),
    "requires grad:",
    grad._values().requires_grad,
)
#> _values(): [[3.0, 12.0], [75.0, 108.0], [3.0, 12.0]] requires grad: False
penalty = entries.pow(2).sum()
dP_dw = torch.autograd.grad(penalty, weight)[0].to_dense().tolist()
print(dP_dw)
#> [[144.0, 1152.0], [0.0, 0.0], [4500.0, 7776.0]]
