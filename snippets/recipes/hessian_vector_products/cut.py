# right: recipes/hessian_vector_products/kept.py
import torch

torch.set_default_dtype(torch.float64)
X = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.3, -2.0]])
y = torch.tensor([1.0, -1.0, 1.0])
w = torch.tensor([0.5, -1.0], requires_grad=True)
loss = torch.nn.functional.softplus(-y * (X @ w)).mean()
v = torch.tensor([1.0, 3.0])
gradient = torch.autograd.grad(loss, w)[0]
Hv = torch.autograd.grad(gradient, w, v)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
