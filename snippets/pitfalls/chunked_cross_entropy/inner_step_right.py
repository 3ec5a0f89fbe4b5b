import torch
from torch.nn.functional import linear_cross_entropy

h = torch.tensor([[1.0, 2.0], [0.5, -1.0]])
W = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], requires_grad=True)
labels = torch.tensor([0, 2])
second_order = True
options = None
L = linear_cross_entropy(h, W, labels, options=options)
W_new = W - torch.autograd.grad(L, W, create_graph=second_order)[0]
M = linear_cross_entropy(h.flip(0), W_new, labels, options=options)
dM_dW = [
    round(value, 4) for value in torch.autograd.grad(M, W)[0][0].tolist()
]
print("W_new requires grad:", W_new.requires_grad, "dM_dW:", dM_dW)
#> W_new requires grad: True dM_dW: [0.0636, 0.5579]
