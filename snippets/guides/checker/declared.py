# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check, intended

torch.manual_seed(0)
value = torch.nn.Linear(4, 1)
state, following, reward = torch.randn(3, 8, 4).unbind()
reward = reward[:, :1]


def undeclared():
    target = reward + 0.9 * value(following).detach()
    return (value(state) - target).pow(2).mean()


def declared():
    with intended():
        target = reward + 0.9 * value(following).detach()
    return (value(state) - target).pow(2).mean()


print(check(undeclared, value.parameters()))
#> lostgrad: WRONG
#>   declared.py:12: .detach()
#>     let through, it changes the gradient of the loss by 84 %
#>   the loss: WRONG
#>     autograd 0.9829, differences 0.9698, off by 1.3 %
print(check(declared, value.parameters()))
#> lostgrad: right
#>   declared.py:18: .detach(), on purpose
#>     let through, it changes the gradient of the loss by 84 %
#>   1 slope agrees with differences, to 1e-06 or better
