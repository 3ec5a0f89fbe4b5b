import torch

for product in (torch.sparse.mm, torch.matmul):
    A = torch.tensor([[1.0, 0.0], [2.0, 3.0]]).to_sparse().requires_grad_()
    y = product(A, torch.tensor([[1.0], [2.0]]))
    grad = torch.autograd.grad(y.pow(3).sum(), A, create_graph=True)[0]
    print(product.__name__, grad.layout, grad.to_dense().tolist())
    penalty = grad.to_dense().pow(2).sum()
    dP_dA = torch.autograd.grad(penalty, A)[0].to_dense().tolist()
    print(dP_dA)
#> _sparse_mm torch.sparse_coo [[3.0, 0.0], [192.0, 384.0]]
#> [[36.0, 0.0], [92160.0, 184320.0]]
#> matmul torch.strided [[3.0, 6.0], [192.0, 384.0]]
#> [[180.0, 360.0], [92160.0, 184320.0]]
