import torch

torch.set_default_dtype(torch.float64)
w = torch.tensor(0.5, requires_grad=True)
x = torch.tensor(0.3, requires_grad=True)

with torch.no_grad():
    z = torch.tensor(0.0)
    for _ in range(100):
        z = torch.tanh(w * z + x)
    J = (1 - z**2) * w
for _ in range(2):
    z = z + (torch.tanh(w * z + x) - z) / (1 - J)

(slope,) = torch.autograd.grad(z, x, create_graph=True)
dP_dw = torch.autograd.grad(slope**2, w)[0].item()
print(f"slope {slope.item():.4f}, derivative of its square in w {dP_dw:.4f}")
#> slope 1.1979, derivative of its square in w -0.2430
