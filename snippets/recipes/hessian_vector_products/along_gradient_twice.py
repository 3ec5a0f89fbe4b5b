# wrong: Hv is [-0.1293, -0.3285], the product is [-0.0646, -0.1642]
# right: recipes/hessian_vector_products/along_gradient.py
import torch

torch.set_default_dtype(torch.float64)
X = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.3, -2.0]])
y = torch.tensor([1.0, -1.0, 1.0])
w = torch.tensor([0.5, -1.0], requires_grad=True)
loss = torch.nn.functional.softplus(-y * (X @ w)).mean()
gradient = torch.autograd.grad(loss, w, create_graph=True)[0]
v = gradient
Hv = torch.autograd.grad(gradient @ v, w)[0]
print([round(value, 4) for value in Hv.tolist()])
#> [-0.1293, -0.3285]
