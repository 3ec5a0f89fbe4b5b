import torch
from torch.func import jacrev, vmap

W = torch.tensor([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]], requires_grad=True)
x = torch.tensor([[0.5, -1.0], [1.0, 2.0]])


def h(sample):
    return torch.tanh(W @ sample)


J = vmap(jacrev(h))(x)
P = J.pow(2).sum()
dP_dW = torch.autograd.grad(P, W)[0]
print("J:", list(J.shape), f"P: {P:.4f}")
#> J: [2, 3, 2] P: 1.0279
print("dP_dW:", [round(value, 4) for value in dP_dW.flatten().tolist()])
#> dP_dW: [0.3609, -0.4605, 0.0923, 0.4065, -0.4261, 1.9953]
chunked = torch.equal(J, vmap(jacrev(h, chunk_size=1))(x))
print("the same in chunks:", chunked)
#> the same in chunks: True
