import weakref

import torch
from torch import nn
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
layers = lambda: [
    m for _ in range(4) for m in (nn.Linear(64, 64), nn.Tanh())
]
blocks = [nn.Sequential(*layers()) for _ in range(6)]
x = torch.randn(256, 64, requires_grad=True)
plain = lambda function, x: function(x)
saving = lambda function, x: checkpoint(function, x, use_reentrant=False)


# --8<-- [start:ways]
def score(x, run=plain):
    for block in blocks:
        x = run(block, x)
    return x.sum()


def penalty(x, run=plain):
    slope = torch.autograd.grad(score(x, run), x, create_graph=True)[0]
    return slope.pow(2).sum()


ways = {
    "score": lambda: score(x),
    "score, blocks checkpointed": lambda: score(x, saving),
    "penalty": lambda: penalty(x),
    "penalty, blocks checkpointed": lambda: penalty(x, saving),
    "penalty of 4 parts": lambda: sum(map(penalty, x.split(64))),
    "each part checkpointed": lambda: sum(
        saving(penalty, part) for part in x.split(64)
    ),
}
# --8<-- [end:ways]
peaks = {}
for name, way in ways.items():
    with Peak() as peak:
        way().backward()
    x.grad = None
    peaks[name] = peak.most / 2**20

score_plain, score_saved, whole, whole_saved, parts, parts_saved = (
    peaks.values()
)
print("the score needs less:", score_saved < 0.7 * score_plain)
#> the score needs less: True
print("the penalty needs more:", whole_saved > whole)
#> the penalty needs more: True
print("in checkpointed parts, less than half:", parts_saved < 0.5 * parts)
#> in checkpointed parts, less than half: True
