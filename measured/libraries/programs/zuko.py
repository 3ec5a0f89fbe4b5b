"""A flow's log density (its score) and its samples, with respect to the input and the weights."""

import torch
import zuko

from measured.libraries.inside import once, twice

x = torch.randn(3, 2)


def drawn(flow):
    torch.manual_seed(0)
    return flow().rsample((3,))


def divergence(flow):
    """The Laplacian of a log density, as score matching takes it: a third derivative to train."""
    x.requires_grad_()
    score = torch.autograd.grad(flow().log_prob(x).sum(), x, create_graph=True)[0]
    parts = (torch.autograd.grad(score[:, i].sum(), x, create_graph=True)[0][:, i] for i in (0, 1))
    return sum(parts)


kinds = {
    "MAF": zuko.flows.MAF(2, transforms=2, hidden_features=(4,), activation=torch.nn.Tanh),
    "NSF": zuko.flows.NSF(2, transforms=1, bins=4, hidden_features=(4,), activation=torch.nn.Tanh),
    "CNF": zuko.flows.CNF(2, hidden_features=(4,), activation=torch.nn.Tanh),
    "CNF, exact=False": zuko.flows.CNF(
        2, hidden_features=(4,), activation=torch.nn.Tanh, exact=False
    ),
}
kinds["NAF"] = zuko.flows.NAF(2, transforms=1, hidden_features=(4,), activation=torch.nn.Tanh)
for name, flow in kinds.items():
    flow = flow.double()
    weights = [p for p in flow.parameters() if p.numel()]

    def density(flow=flow):
        torch.manual_seed(0)
        return flow().log_prob(x)

    twice(f"{name}, log_prob", density, [x, *weights])
    # An inverse by bisection is not exact enough for a difference.
    if name not in ("CNF, exact=False", "NAF"):
        twice(f"{name}, rsample", lambda f=flow: drawn(f), weights)
once("MAF, its Laplacian", lambda: divergence(kinds["MAF"]), [x, *kinds["MAF"].parameters()])
