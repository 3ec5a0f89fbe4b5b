import weakref

import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 1)).double()
x, y, x_new, y_new = torch.randn(4, 40, 20, 1, dtype=torch.float64)  # 40 tasks
weights = dict(net.named_parameters())


def loss(weights, x, y):
    return (functional_call(net, weights, (x,)) - y).square().mean()


def judge(weights, x, y, x_new, y_new):  # of one task
    for _ in range(3):
        g = grad(loss)(weights, x, y)
        weights = {name: w - 0.1 * g[name] for name, w in weights.items()}
    return loss(weights, x_new, y_new)


# --8<-- [start:chunks]
def outer(weights, *tasks, chunk_size=None):
    over = vmap(judge, in_dims=(None, 0, 0, 0, 0), chunk_size=chunk_size)
    return over(weights, *tasks).sum()


def in_chunks(weights, *tasks, size=5):
    weights = {name: w.detach() for name, w in weights.items()}  # no graph around grad
    total = {name: torch.zeros_like(w) for name, w in weights.items()}
    for few in zip(*(part.split(size) for part in tasks)):
        for name, g in grad(outer)(weights, *few).items():
            total[name] += g  # the graph of these few is gone by now
    return total


# --8<-- [end:chunks]


class Peak(TorchDispatchMode):
    """Counts the bytes of what operations return, while it lives."""

    def __init__(self):
        super().__init__()
        self.now = self.most = 0
        self.known = set()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if isinstance(tensor, torch.Tensor):
                self.add(tensor.untyped_storage())
        return result

    def add(self, storage):
        key, size = storage._cdata, storage.nbytes()
        if key in self.known:
            return
        self.known.add(key)
        self.now += size
        self.most = max(self.most, self.now)
        weakref.finalize(storage, self.drop, key, size)

    def drop(self, key, size):
        self.known.discard(key)
        self.now -= size


ways = {
    "all at once": lambda: grad(outer)(weights, x, y, x_new, y_new),
    "vmap(chunk_size=5)": lambda: grad(lambda *a: outer(*a, chunk_size=5))(
        weights, x, y, x_new, y_new
    ),
    "a gradient for each 5": lambda: in_chunks(weights, x, y, x_new, y_new),
}
mib, results = [], []
for way, call in ways.items():
    with Peak() as peak:
        results.append(call())
    mib.append(peak.most / 2**20)
    print(f"{way}: {mib[-1]:.1f} MiB")
#> all at once: 10.0 MiB
#> vmap(chunk_size=5): 9.4 MiB
#> a gradient for each 5: 1.3 MiB
all_at_once, with_chunk_size, for_each_five = mib
same = all(torch.allclose(results[0][n], r[n]) for r in results for n in weights)
print("same gradient:", same)
#> same gradient: True
slope = sum(g.sum() for g in results[-1].values()).item()
ahead, behind = (
    outer({n: w + h for n, w in weights.items()}, x, y, x_new, y_new).item() for h in (1e-6, -1e-6)
)
difference = (ahead - behind) / 2e-6
print(f"slope {slope:.3f}, by a difference {difference:.3f}")
#> slope 625.824, by a difference 625.824
