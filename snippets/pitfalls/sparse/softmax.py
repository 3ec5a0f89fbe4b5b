# right: pitfalls/sparse/softmax_dense.py
import torch

A = torch.tensor([[1.0, 0.0], [2.0, 3.0]]).to_sparse().requires_grad_()
y = torch.sparse.softmax(A, dim=1).to_dense().pow(2).sum()
grad = torch.autograd.grad(y, A, create_graph=True)[0]
print(grad.layout)
#> torch.sparse_coo
grad.to_dense().pow(2).sum().backward()
#! RuntimeError: derivative for aten::_sparse_softmax_backward_data is not implemented
