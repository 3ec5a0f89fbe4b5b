import matplotlib.pyplot as plt
import torch
from torch.nn.functional import softplus

x = (torch.arange(-45, 46, dtype=torch.float64) / 30).requires_grad_()


def hat(unit):
    u = unit(x + 1) - 2 * unit(x) + unit(x - 1)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return u.tolist(), torch.autograd.grad(u_x.sum(), x)[0].tolist()


relu, relu_xx = hat(torch.relu)
soft, soft_xx = hat(lambda z: softplus(z, beta=20))
apart = max(abs(a - b) for a, b in zip(relu, soft))
print(f"top: {max(relu):.2f}, {max(soft):.2f}, at most {apart:.2f} apart")
#> top: 1.00, 0.93, at most 0.07 apart
bend = soft_xx[45]
print(f"second derivative at the top: {relu_xx[45]:.2f} and {bend:.2f}")
#> second derivative at the top: 0.00 and -10.00
figure, (left, right) = plt.subplots(1, 2)
curves = (left, relu, soft), (right, relu_xx, soft_xx)
for panel, with_relu, with_soft in curves:
    panel.plot(x.tolist(), with_soft, "C0")
    panel.plot(x.tolist(), with_relu, "C1--")
left.set(title="$u$", xlabel="$x$", yticks=[0, 1])
right.set(title="$\\partial^2 u \\,/\\, \\partial x^2$", xlabel="$x$")
right.set_yticks([-10, 0, 5])
right.text(-0.9, 3.5, "softplus", color="C0")
right.text(0.35, -1.5, "ReLU", color="C1")
