# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check

w = torch.tensor([1.0, 2.0], requires_grad=True)


def loss():
    L = (w**3).sum()
    g = torch.autograd.grad(L, w, retain_graph=True)[0]
    return L + g.pow(2).sum()


print(check(loss, [w]))
#> lostgrad: WRONG
#>   affected.py:10: autograd.grad without create_graph
#>     let through, it changes the gradient of the loss by a factor of 23
#>   the loss: WRONG
#>     autograd 11.02, differences 251.9, off by 96 %
