import torch

x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
h = torch.sigmoid(w * x)
reconstruction_loss = (w * h - x) ** 2
dh_dx = torch.autograd.grad(h, x, create_graph=True)[0]
penalty = dh_dx**2
closed_form = (h * (1 - h) * w) ** 2
dpenalty_dw = torch.autograd.grad(penalty, w, retain_graph=True)[0]
dloss_dw = torch.autograd.grad(reconstruction_loss, w)[0]
print(f"penalty: {penalty:.4f}, closed form: {closed_form:.4f}")
#> penalty: 0.1546, closed form: 0.1546
print(f"derivative of the penalty: {dpenalty_dw:.4f}")
#> derivative of the penalty: 0.0832
print(f"gradient of the reconstruction loss, squared: {dloss_dw**2:.4f}")
#> gradient of the reconstruction loss, squared: 3.1864
