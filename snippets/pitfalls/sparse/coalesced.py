# right: pitfalls/sparse/built_right.py
import torch

i = torch.tensor([[0, 1, 1], [0, 0, 1]])
v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
A = torch.sparse_coo_tensor(i, v, (2, 2), check_invariants=True)
A._coalesced_(True).to_dense().pow(3).sum().backward()
#! RuntimeError: derivative for aten::_coalesced_ is not implemented
