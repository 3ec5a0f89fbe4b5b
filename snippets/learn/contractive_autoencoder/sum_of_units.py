# wrong: penalty is 0.1224, the squared Frobenius norm is 0.1479
# right: learn/contractive_autoencoder/double_backprop.py
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], requires_grad=True)
W = torch.tensor([[0.2, -0.4, 0.6], [1.0, 0.5, -0.3]], requires_grad=True)
b = torch.tensor([0.1, -0.2], requires_grad=True)

h = torch.sigmoid(x @ W.T + b)
dh_dx = torch.autograd.grad(h.sum(), x, create_graph=True)[0]
P = dh_dx.pow(2).sum()

penalty = P.detach()
print(f"penalty: {penalty:.4f}")
#> penalty: 0.1224
print("P.requires_grad:", P.requires_grad)
#> P.requires_grad: True
