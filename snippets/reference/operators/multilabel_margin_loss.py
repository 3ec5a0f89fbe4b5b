import torch
from torch.autograd import gradgradcheck
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(2, 4, dtype=torch.float64, requires_grad=True)
label = torch.tensor([[3, 0, -1, -1], [1, -1, -1, -1]])  # -1 ends each list
chosen = torch.tensor([[1, 0, 0, 1], [0, 1, 0, 0]], dtype=torch.bool)


def multilabel_margin_loss(x):
    margins = (1 - x[:, :, None] + x[:, None, :]).clamp(min=0)
    pairs = chosen[:, :, None] & ~chosen[:, None, :]
    return (margins * pairs).sum() / x.numel()


print("the same:", torch.allclose(multilabel_margin_loss(x), F.multilabel_margin_loss(x, label)))
#> the same: True
print("twice:", gradgradcheck(multilabel_margin_loss, x))
#> twice: True
