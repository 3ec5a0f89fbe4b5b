# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check

w = torch.tensor([1.0, 2.0], requires_grad=True)


def total_loss():
    partial_loss = (w**3).sum()
    grad = torch.autograd.grad(
        partial_loss, w, create_graph=True
    )[0]
    penalty = (grad * grad.detach()).sum()
    return partial_loss + 1e-6 * penalty


print(check(total_loss, [w]))
#> lostgrad: WRONG
#>   tool.py:13: .detach()
#>     let through, it changes the gradient of the loss by 0.0012 %
#>   the loss: WRONG
#>     autograd 12.28, differences 12.28, off by 0.0011 %
#>   summand 2: WRONG
#>     autograd 140.8, differences 281.6, off by 50 %
#>   tool.py:10: from the inner gradient to the loss: WRONG
#>     autograd 1.556e-05, differences 3.111e-05, off by 50 %
#>   tool.py:10: from the inner gradient to summand 2: WRONG
#>     autograd 15.56, differences 31.11, off by 50 %
#>   3 slopes agree with differences, to 1e-06 or better
