"""Transport costs, with respect to the cost matrix and the masses."""

import ot
import torch

from measured.libraries.inside import twice

x, y = torch.rand(4, 2), torch.rand(5, 2)
a, b = torch.full((4,), 0.25), torch.full((5,), 0.2)


def cost():
    return ot.dist(x, y)


precise = {"numItermax": 5000, "stopThr": 1e-13}
twice("dist", cost, [x, y])
twice("dist, metric='euclidean'", lambda: ot.dist(x, y, metric="euclidean"), [x, y])
twice("emd2", lambda: ot.emd2(a, b, cost()), [x, y])
twice("sinkhorn2", lambda: ot.sinkhorn2(a, b, cost(), 0.2, **precise), [x, y])
twice("sinkhorn", lambda: ot.sinkhorn(a, b, cost(), 0.2, **precise), [x, y])
twice("bregman.sinkhorn_log", lambda: ot.bregman.sinkhorn_log(a, b, cost(), 0.2, **precise), [x, y])
for grad in ("autodiff", "envelope", "detach"):
    twice(
        f"solve, reg=0.2, grad='{grad}'",
        lambda g=grad: ot.solve(cost(), a, b, reg=0.2, grad=g, max_iter=5000, tol=1e-13).value,
        [x, y],
    )
twice(
    "sliced_wasserstein_distance", lambda: ot.sliced_wasserstein_distance(x, y[:4], seed=0), [x, y]
)
