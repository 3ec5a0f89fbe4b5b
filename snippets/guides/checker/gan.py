# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check

torch.manual_seed(0)
critic = torch.nn.Sequential(
    torch.nn.Linear(2, 32), torch.nn.LeakyReLU(0.2), torch.nn.Linear(32, 1)
)
generator = torch.nn.Linear(4, 2)
images = torch.randn(16, 2)


def critic_loss(numbers):
    fake = generator(torch.randn(16, 4)).detach()
    share = torch.rand(16, 1)
    x = (share * images + (1 - share) * fake).requires_grad_()
    g = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = (g.norm(dim=1) - 1).pow(2).mean()
    if numbers:
        penalty = penalty.item()
    return critic(fake).mean() - critic(images).mean() + 10 * penalty


print(check(lambda: critic_loss(numbers=False), critic.parameters()))
#> lostgrad: right
#>   gan.py:14: .detach(): changes nothing
#>   9 slopes agree with differences, to 1e-06 or better
print(check(lambda: critic_loss(numbers=True), critic.parameters()))
#> lostgrad: WRONG
#>   gan.py:20: .item()
#>     let through, it changes the gradient of the loss by a factor of 37
#>     (the value leaves PyTorch)
#>   gan.py:14: .detach(): changes nothing
#>   the loss: WRONG
#>     autograd 0.42, differences -2.59, off by 116 %
#>   2 slopes agree with differences, to 1e-06 or better
