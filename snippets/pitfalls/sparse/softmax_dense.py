import torch

A = (
    torch.tensor([[1.0, 0.0], [2.0, 3.0]], dtype=torch.float64)
    .to_sparse()
    .requires_grad_()
)
there = torch.zeros(A.shape, dtype=torch.bool)
there[tuple(A.detach().coalesce().indices())] = True
some = there.any(dim=1, keepdim=True)
scores = torch.where(there, A.to_dense(), -torch.inf)
dense = torch.where(some, scores, 0.0).softmax(dim=1) * there
print(
    "the same:",
    torch.allclose(dense, torch.sparse.softmax(A, dim=1).to_dense()),
)
#> the same: True
y = dense.pow(2).sum()
grad = torch.autograd.grad(y, A, create_graph=True)[0]
penalty = grad.to_dense().pow(2).sum()
dP_dA = torch.autograd.grad(penalty, A)[0].to_dense().tolist()
print([[round(value, 4) for value in row] for row in dP_dA])
#> [[0.0, 0.0], [-0.0514, 0.0514]]
