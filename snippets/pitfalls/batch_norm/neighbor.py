import matplotlib.pyplot as plt
import torch

norm = torch.nn.BatchNorm1d(1, affine=False, momentum=1.0).double()
norm(torch.tensor([[1.0], [2.0], [4.0]], dtype=torch.float64))
frozen = torch.nn.BatchNorm1d(1, affine=False).double().eval()
frozen.load_state_dict(norm.state_dict())
moved = torch.arange(-40, 41, dtype=torch.float64) / 5


def gradients(critic, third):
    x = torch.tensor([[1.0], [2.0], [third]], dtype=torch.float64)
    x.requires_grad_()
    D = torch.tanh(critic(x))[:, 0]
    summed = torch.autograd.grad(D.sum(), x, retain_graph=True)[0]
    return summed[0].item(), torch.autograd.grad(D[0], x)[0][0].item()


summed, own = zip(*[gradients(norm, third) for third in moved.tolist()])
evaluation = [gradients(frozen, third)[0] for third in moved.tolist()]
print(f"third at 4: {summed[60]:.4f}, {own[60]:.4f}, {evaluation[60]:.4f}")
#> third at 4: -0.2061, 0.0864, 0.3313
low, high, constant = min(summed), max(summed), max(evaluation)
print(f"sum: from {low:.2f} to {high:.2f}")
#> sum: from -0.64 to 0.64
print(f"eval mode: {min(evaluation):.2f} to {constant:.2f}")
#> eval mode: 0.33 to 0.33
figure, axes = plt.subplots()
axes.plot(moved, summed, "C1--")
axes.plot(moved, own, "C3:", linewidth=3)
axes.plot(moved, evaluation, "C0")
axes.text(-7.9, 0.37, "eval mode", color="C0")
axes.text(-0.5, 0.8, "own row", color="C3", ha="right")
axes.text(2.6, -0.4, "sum, train mode", color="C1")
axes.set(xlabel="third sample", ylabel="gradient of the first")
