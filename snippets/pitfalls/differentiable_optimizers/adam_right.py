import torch

a = torch.tensor([1.0, 0.0], requires_grad=True)
t = a.clone()
optimizer = torch.optim.Adam([t], lr=0.1, differentiable=True)
optimizer.state[t] = {
    "step": torch.tensor(0.0),
    "exp_avg": torch.zeros_like(t),
    "exp_avg_sq": torch.full_like(t, 1e-16),
}
L = t.clone().pow(4).sum()
t.grad = torch.autograd.grad(L, t, create_graph=True)[0]
optimizer.step()
M = t.pow(2).sum()
dM_da = torch.autograd.grad(M, a)[0]
print("differentiable gradient:", t.grad.requires_grad)
#> differentiable gradient: True
print("t:", [round(value, 4) for value in t.tolist()])
#> t: [0.9, 0.0]
print("dM_da:", [round(value, 4) for value in dM_da.tolist()])
#> dM_da: [1.8, 0.0]
