import torch
from torch.autograd import gradgradcheck

torch.manual_seed(0)
x, y = torch.randn(2, 5, dtype=torch.float64).unbind(0)
x, y = x.requires_grad_(), y.requires_grad_()
mask = torch.tensor([True, False, True, True, False])


def logaddexp(x, y):
    return torch.where(mask, torch.logaddexp(x, y), -torch.inf)


expected = torch.masked.logaddexp(x, y, input_mask=mask, other_mask=mask)
print("the same:", torch.equal(logaddexp(x, y), expected))
#> the same: True
print("twice:", gradgradcheck(lambda x, y: logaddexp(x, y)[mask], (x, y)))
#> twice: True
