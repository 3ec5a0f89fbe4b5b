import torch

torch.manual_seed(0)
x, y = torch.randn(8, 3).double(), torch.randn(8, 1).double()
w = torch.randn(3, 1).double()


def total_loss(w):
    w = w.detach().requires_grad_()
    partial_loss = ((torch.tanh(x @ w) - y) ** 2).mean()
    grad = torch.autograd.grad(partial_loss, w)[0]
    return (partial_loss + torch.linalg.vector_norm(grad)).item()


h = 1e-5
difference = []
for step in h * torch.eye(3).double():
    step = step.reshape(3, 1)
    difference.append((total_loss(w + step) - total_loss(w - step)) / (2 * h))
print("finite difference:", [round(value, 4) for value in difference])
#> finite difference: [0.8742, -1.2199, -1.4505]
