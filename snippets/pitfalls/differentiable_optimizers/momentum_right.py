import torch

a = torch.tensor([1.0], requires_grad=True)
t = a.clone()
optimizer = torch.optim.SGD([t], lr=0.1, momentum=0.9, differentiable=True)
optimizer.state[t]["momentum_buffer"] = torch.zeros_like(t)
L = (t.clone() ** 4).sum()
t.grad = torch.autograd.grad(L, t, create_graph=True)[0]
optimizer.step()
M = t.pow(2).sum()
dM_da = torch.autograd.grad(M, a)[0].item()
print("differentiable gradient:", t.grad.requires_grad)
#> differentiable gradient: True
print(f"t: {t.item():.2f} M: {M.item():.2f} dM_da: {dM_da:.2f}")
#> t: 0.60 M: 0.36 dM_da: -0.24
