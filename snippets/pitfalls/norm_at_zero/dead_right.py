import torch

c = torch.zeros(2, requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (c * x).sum()
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
P = ((y_x.pow(2).sum() + 1e-12).sqrt() - 1) ** 2
dP_dc = torch.autograd.grad(P, c)[0]
print(f"P: {P:.4f}, dP_dc: {[round(value, 4) for value in dP_dc.tolist()]}")
#> P: 1.0000, dP_dc: [-0.0, -0.0]
