"""Transport costs, with respect to the cost matrix and the masses."""

import ot as transport  # codespell:ignore ot
import torch

from measured.libraries.inside import twice

x, y = torch.rand(4, 2), torch.rand(5, 2)
a, b = torch.full((4,), 0.25), torch.full((5,), 0.2)


def cost():
    return transport.dist(x, y)


precise = {"numItermax": 5000, "stopThr": 1e-13}
twice("dist", cost, [x, y])
twice("dist, metric='euclidean'", lambda: transport.dist(x, y, metric="euclidean"), [x, y])
twice("emd2", lambda: transport.emd2(a, b, cost()), [x, y])
twice("sinkhorn2", lambda: transport.sinkhorn2(a, b, cost(), 0.2, **precise), [x, y])
twice("sinkhorn", lambda: transport.sinkhorn(a, b, cost(), 0.2, **precise), [x, y])
twice(
    "bregman.sinkhorn_log",
    lambda: transport.bregman.sinkhorn_log(a, b, cost(), 0.2, **precise),
    [x, y],
)
for grad in ("autodiff", "envelope", "detach"):
    twice(
        f"solve, reg=0.2, grad='{grad}'",
        lambda g=grad: (
            transport.solve(cost(), a, b, reg=0.2, grad=g, max_iter=5000, tol=1e-13).value
        ),
        [x, y],
    )
twice(
    "sliced_wasserstein_distance",
    lambda: transport.sliced_wasserstein_distance(x, y[:4], seed=0),
    [x, y],
)
