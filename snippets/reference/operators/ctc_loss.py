import torch
from torch.autograd import gradgradcheck
from torch.nn import functional as F


def ctc_loss(log_probs, target):
    """Minus the log of the sum over all alignments; log_probs is time by class, blank is 0."""
    states = torch.zeros(2 * len(target) + 1, dtype=torch.long)
    states[1::2] = target
    may_skip = (states != 0) & (states != states.roll(2))
    log_zero = log_probs.new_full((1,), -1e30)
    alpha = torch.cat([log_probs[0, states[:2]], log_zero.expand(len(states) - 2)])
    for step in log_probs[1:]:
        one = torch.cat([log_zero, alpha[:-1]])
        two = torch.where(may_skip, torch.cat([log_zero, log_zero, alpha[:-2]]), log_zero)
        alpha = torch.stack([alpha, one, two]).logsumexp(dim=0) + step[states]
    return -alpha[-2:].logsumexp(dim=0)


torch.manual_seed(0)
x = torch.randn(6, 4, dtype=torch.float64, requires_grad=True)
target = torch.tensor([1, 3, 3])
expected = F.ctc_loss(x.log_softmax(-1), target, (6,), (3,), reduction="sum")
print("the same:", torch.allclose(ctc_loss(x.log_softmax(-1), target), expected))
#> the same: True
print("twice:", gradgradcheck(lambda x: ctc_loss(x.log_softmax(-1), target), x))
#> twice: True
