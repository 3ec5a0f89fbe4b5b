# wrong: second is nan, the second derivative is 1.25
# right: pitfalls/eigenvectors/right.py
import torch

torch.set_default_dtype(torch.float64)
a = torch.diag(torch.tensor([1.0, 1.0, 3.0]))
b = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 1.0], [0.5, 1.0, 0.3]])
t = torch.tensor(0.0, requires_grad=True)
value = torch.linalg.eigvalsh(a + t * b)[-1]
first = torch.autograd.grad(value, t, create_graph=True)[0]
second = torch.autograd.grad(first, t)[0].item()
print(f"value {value:.1f}, first {first:.1f}, second {second:.2f}")
#> value 3.0, first 0.3, second nan
