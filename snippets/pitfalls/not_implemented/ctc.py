import torch
from torch.autograd import gradgradcheck
from torch.nn import functional as F


# --8<-- [start:ctc]
def ctc_loss(log_probs, target, blank=0, never=-1e30):
    """The loss of a sequence; log_probs has the shape (time, classes)."""
    labels = torch.full((2 * len(target) + 1,), blank)
    labels[1::2] = target
    skips = F.pad(
        (labels[2:] != blank) & (labels[2:] != labels[:-2]), (2, 0)
    )
    alpha = F.pad(
        log_probs[0, labels[:2]], (0, len(labels) - 2), value=never
    )
    for row in log_probs[1:]:
        one = F.pad(alpha, (1, 0), value=never)[:-1]
        two = F.pad(alpha, (2, 0), value=never)[:-2].where(skips, never)
        alpha = torch.stack([alpha, one, two]).logsumexp(0) + row[labels]
    return -alpha[-2:].logsumexp(0)


# --8<-- [end:ctc]
torch.manual_seed(0)
x = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
target = torch.tensor([2, 2])
original = F.ctc_loss(
    x.log_softmax(-1), target, (5,), (2,), reduction="sum"
)
print(
    "the same:",
    torch.allclose(ctc_loss(x.log_softmax(-1), target), original),
)
#> the same: True
print(gradgradcheck(lambda x: ctc_loss(x.log_softmax(-1), target), x))
#> True
