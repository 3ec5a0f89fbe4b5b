import torch

a = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(-2.0, requires_grad=True)
L = w**2 - 2 * a * w + a**2  # on the training data
# --8<-- [mark]
g = torch.autograd.grad(L, w, create_graph=True)[0]
moved = w - 0.5 * g
J = a * moved - 2 * a + 1  # on the validation data
dJ_da = torch.autograd.grad(J, a)[0].item()
print(dJ_da)
#> 2.0
