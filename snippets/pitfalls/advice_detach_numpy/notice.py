import numpy
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (w**2).sum() / 2
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
terms = {
    "numpy": numpy.linalg.norm(grad.detach().numpy()),
    "numpy and back": torch.tensor(numpy.linalg.norm(grad.detach().numpy()), requires_grad=True),
    "torch": torch.linalg.vector_norm(grad),
}
for name, term in terms.items():
    print(f"{name}: {getattr(term, 'grad_fn', None) is not None}")
#> numpy: False
#> numpy and back: False
#> torch: True
