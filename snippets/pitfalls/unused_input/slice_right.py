import torch

xt = torch.tensor([[1.0, 2.0]], requires_grad=True)
u = xt[:, 0] * xt[:, 1] ** 2
u_xt = torch.autograd.grad(u.sum(), xt, create_graph=True)[0]
u_t = u_xt[:, 1]
u_tt = torch.autograd.grad(u_t.sum(), xt)[0][:, 1]
print("u_t:", u_t.tolist(), "u_tt:", u_tt.tolist())
#> u_t: [4.0] u_tt: [2.0]
