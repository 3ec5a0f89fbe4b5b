# uses: guides/checker/lostgrad.py
import copy

import torch
from lostgrad import check

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)
)
x, y = torch.randn(8, 2), torch.randn(8, 1)


def outer_loss():
    fast = copy.deepcopy(net)
    inner = torch.optim.SGD(fast.parameters(), lr=0.1)
    inner_loss = (fast(x) - y).pow(2).mean()
    inner.zero_grad()
    inner_loss.backward()
    inner.step()
    return (fast(x) - y).pow(2).mean()


print(check(outer_loss, net.parameters()))
#> lostgrad: WRONG
#>   maml.py:15: .data (in copy.deepcopy)
#>     without it the loss has no gradient at all
#>   maml.py:15: a new Parameter of a tensor (in copy.deepcopy)
#>     without it the loss has no gradient at all
#>   the loss: WRONG
#>     autograd 0, differences -0.0117, off by 100 %
#>   maml.py:20: an optimizer's step, which no gradient passes either
