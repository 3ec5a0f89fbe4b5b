import torch

a = torch.tensor([1.0], requires_grad=True)
rate = torch.tensor(0.1, requires_grad=True)
t = a.clone()
optimizer = torch.optim.SGD([t], lr=rate, differentiable=True)
L = (t.clone() ** 4).sum()
t.grad = torch.autograd.grad(L, t, create_graph=True)[0]
optimizer.step()
M = t.pow(2).sum()
dM_drate = torch.autograd.grad(M, rate)[0].item()
print(f"dM_drate: {dM_drate:.2f}")
#> dM_drate: -4.80
