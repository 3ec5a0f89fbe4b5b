import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
critic = nn.Sequential(layer, nn.Flatten(), nn.Linear(3 * 8, 1))
real, fake = torch.randn(2, 16, 3, 8)


# --8<-- [start:loss]
def backward(critic, real, fake):
    x = real.detach().requires_grad_()
    with sdpa_kernel(SDPBackend.MATH):
        score = critic(x)
    (slope,) = torch.autograd.grad(score.sum(), x, create_graph=True)
    penalty = slope.square().sum() / len(real)
    ((critic(fake) - score).mean() + 5 * penalty).backward()


# --8<-- [end:loss]
backward(critic, real, fake)
grads = [p.grad for p in critic.parameters()]
norm = torch.cat([grad.flatten() for grad in grads]).norm().item()
print(f"norm of the gradient: {norm:.3f}")
#> norm of the gradient: 10.389
