import torch


def layer_norm(h, eps):
    centered = h - h.mean(-1, keepdim=True)
    return centered * (centered.pow(2).mean(-1, keepdim=True) + eps).rsqrt()


w = torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64, requires_grad=True)
v = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
u = v @ layer_norm(torch.tanh(w * x), eps=0.1)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x, create_graph=True)[0]
R = (u_xx - 1) ** 2
dR_dw = torch.autograd.grad(R, w)[0]
print(f"u_xx: {u_xx.item():.4f} R: {R.item():.4f}")
#> u_xx: 4.6530 R: 13.3442
print("dR_dw:", [round(value, 4) for value in dR_dw.tolist()])
#> dR_dw: [14.0746, -12.9292, 5.519]
