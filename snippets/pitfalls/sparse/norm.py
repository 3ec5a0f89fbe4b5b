# right: pitfalls/sparse/dense.py
import torch

weight = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)
rows = torch.nn.functional.embedding(torch.tensor([0, 2]), weight, sparse=True)
loss = (rows**3).sum()
grad = torch.autograd.grad(loss, weight, create_graph=True)[0]
print(grad.layout)
#> torch.sparse_coo
grad.norm().backward()
#! NotImplementedError: Could not run 'aten::masked_fill_.Scalar' with arguments from the
#!   'SparseCPU' backend. ...
