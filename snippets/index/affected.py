from torch import ones
from torch.autograd import grad

w = ones(2, requires_grad=True)
gradient = grad((w**3).sum(), w, create_graph=True)[0]

constant = gradient.grad_fn is None
print("affected" if constant else "not affected here")
#> not affected here
