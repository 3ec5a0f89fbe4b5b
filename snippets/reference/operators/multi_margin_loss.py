import torch
from torch.autograd import gradgradcheck
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
label = torch.tensor([0, 2, 1, 1])


def multi_margin_loss(x):
    own = x.gather(1, label[:, None])
    others = F.one_hot(label, x.shape[1]) == 0
    return ((1 - own + x).clamp(min=0) * others).mean()


print("the same:", torch.allclose(multi_margin_loss(x), F.multi_margin_loss(x, label)))
#> the same: True
print("twice:", gradgradcheck(multi_margin_loss, x))
#> twice: True
