import torch
from torch.autograd import gradgradcheck

torch.manual_seed(0)
x = torch.randn(5, 2, dtype=torch.float64, requires_grad=True)
lengths = torch.tensor([2, 3])
segment = torch.repeat_interleave(torch.arange(2), lengths)


def segment_sums(x):
    return torch.zeros(2, 2, dtype=x.dtype).index_add(0, segment, x)


expected = torch.segment_reduce(x, "sum", lengths=lengths)
print("the same:", torch.allclose(segment_sums(x), expected))
#> the same: True
print("twice:", gradgradcheck(segment_sums, x))
#> twice: True
