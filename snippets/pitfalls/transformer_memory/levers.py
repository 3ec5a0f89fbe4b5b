import weakref

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import checkpoint


class Peak(TorchDispatchMode):
    """The most bytes that new tensors held at the same time."""

    def __init__(self):
        super().__init__()
        self.now, self.most, self.seen = 0, 0, weakref.WeakSet()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        for one in out if isinstance(out, (tuple, list)) else (out,):
            if isinstance(one, torch.Tensor):
                self.count(one.untyped_storage())
        return out

    def count(self, storage):
        if storage not in self.seen:
            self.seen.add(storage)
            self.now += storage.nbytes()
            self.most = max(self.most, self.now)
            weakref.finalize(storage, self.free, storage.nbytes())

    def free(self, size):
        self.now -= size


torch.manual_seed(0)
layers = [
    nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True)
    for _ in range(4)
]
x = torch.randn(8, 96, 32)
# --8<-- [start:ways]
plain = lambda function, x: function(x)
saving = lambda function, x: checkpoint(function, x, use_reentrant=False)


def score(x, run=plain):
    for layer in layers:
        x = run(layer, x)
    return x.square().mean((1, 2))  # of each sample


def penalty(x, run=plain):
    x = x.detach().requires_grad_()
    total = score(x, run).sum()
    slope = torch.autograd.grad(total, x, create_graph=True)[0]
    return slope.square().sum()


def fused():
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        return score(x).sum()


ways = {
    "score, fused kernel": fused,
    "score": lambda: score(x).sum(),
    "penalty": lambda: penalty(x),
    "layers checkpointed": lambda: penalty(x, saving),
    "half of the tokens": lambda: penalty(x[:, ::2]),
    "a quarter of the batch": lambda: penalty(x[:2]),
    "four parts, checkpointed": lambda: sum(
        saving(penalty, part) for part in x.split(2)
    ),
}
# --8<-- [end:ways]
peaks = []
for way in ways.values():
    with sdpa_kernel(SDPBackend.MATH), Peak() as peak:
        way().backward()
    peaks.append(peak.most / 2**20)

fused_peak, score_peak, penalty_peak, *rest = peaks
layers_peak, tokens_peak, quarter_peak, parts_peak = rest
print("the penalty needs twice as much:", penalty_peak > 2 * score_peak)
#> the penalty needs twice as much: True
print("checkpointed layers save a tenth:", layers_peak < 0.9 * penalty_peak)
#> checkpointed layers save a tenth: False
print("parts need a third:", parts_peak < penalty_peak / 3)
#> parts need a third: True
