"""Sums, means and extremes of groups, with respect to what is grouped."""

import torch
import torch_scatter

from measured.libraries.inside import twice

x = torch.randn(5, 3)
groups = torch.tensor([0, 0, 1, 1, 1])
bounds = torch.tensor([0, 2, 5])
for reduce in ("sum", "mean", "max", "min", "mul"):
    twice(
        f"scatter, reduce='{reduce}'",
        lambda r=reduce: torch_scatter.scatter(x, groups, dim=0, reduce=r),
        [x],
    )
for reduce in ("sum", "mean", "max", "min"):
    twice(
        f"segment_coo, reduce='{reduce}'",
        lambda r=reduce: torch_scatter.segment_coo(x, groups, reduce=r),
        [x],
    )
    twice(
        f"segment_csr, reduce='{reduce}'",
        lambda r=reduce: torch_scatter.segment_csr(x, bounds, reduce=r),
        [x],
    )
twice("gather_csr", lambda: torch_scatter.gather_csr(x[:2], bounds), [x])
twice("scatter_logsumexp", lambda: torch_scatter.scatter_logsumexp(x, groups, dim=0), [x])
twice("scatter_softmax", lambda: torch_scatter.scatter_softmax(x, groups, dim=0), [x])
twice("scatter_std", lambda: torch_scatter.scatter_std(x, groups, dim=0), [x])
