# wrong: dJ_da is 0.0, the derivative is 2.0
# right: recipes/unrolled_updates/darts_kept.py
import torch

a = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(-2.0, requires_grad=True)
L = w**2 - 2 * a * w + a**2  # on the training data
g = torch.autograd.grad(L, w)[0]
moved = w - 0.5 * g
J = a * moved - 2 * a + 1  # on the validation data
dJ_da = torch.autograd.grad(J, a)[0].item()
print(dJ_da)
#> 0.0
