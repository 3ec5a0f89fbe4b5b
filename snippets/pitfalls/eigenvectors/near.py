# wrong: agrees is False, the answer of matrix_exp is True
# right: pitfalls/eigenvectors/near_right.py
import torch

torch.set_default_dtype(torch.float64)
Q = torch.eye(3) - 2 / 3  # orthogonal
a = Q @ torch.diag(torch.tensor([1.0, 1.0 + 1e-10, 3.0])) @ Q
b = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 0.2], [0.5, 0.2, 0.3]])
t = torch.tensor(0.0, requires_grad=True)
values, vectors = torch.linalg.eigh(a + t * b)
y = (vectors @ values.exp().diag() @ vectors.T).sum()
first = torch.autograd.grad(y, t, create_graph=True)[0]
second = torch.autograd.grad(first, t)[0].item()
agrees = abs(second / 37.611 - 1) < 0.01
print(f"first derivative {first:.3f}, second right: {agrees}")
#> first derivative 30.878, second right: False
