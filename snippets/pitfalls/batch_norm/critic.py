# wrong: unmoved is False, the answer is True
# right: pitfalls/batch_norm/critic_right.py
import torch
from torch import nn

torch.manual_seed(0)
# --8<-- [start:critic]
critic = nn.Sequential(
    nn.Conv2d(1, 4, 3, padding=1),
    nn.BatchNorm2d(4),
    nn.LeakyReLU(0.2),
    nn.Flatten(),
    nn.Linear(64, 1),
)
# --8<-- [end:critic]


# --8<-- [start:slopes]
def slopes(critic, x):
    x = x.detach().requires_grad_()
    D = critic(x).sum()
    return torch.autograd.grad(D, x, create_graph=True)[0].flatten(1)


# --8<-- [end:slopes]
# --8<-- [start:notice]
images = torch.randn(8, 1, 4, 4)
before = slopes(critic, images)
images[0] += 1  # another first image
after = slopes(critic, images)
unmoved = torch.allclose(before[1:], after[1:], rtol=1e-3, atol=1e-6)
print("the other gradients stayed:", unmoved)
#> the other gradients stayed: False
# --8<-- [end:notice]
