import torch
from torch import Tensor


# --8<-- [start:dice]
def dice(logp: Tensor, rewards: Tensor, values: Tensor | None = None):
    """Return the return of each trajectory (batch,), for any derivative.

    logp, rewards, values (batch, time): log-probability of each action
    under the policy that drew it, rewards with their discount, and a
    baseline that was computed before the action. Raises ValueError if
    their shapes differ. Foerster et al., 2018.
    """
    for other in (rewards, values):
        if other is not None and other.shape != logp.shape:
            raise ValueError(
                f"{tuple(other.shape)} beside logp {tuple(logp.shape)}"
            )

    def magic_box(t):
        return torch.exp(t - t.detach())

    result = (magic_box(logp.cumsum(1)) * rewards).sum(1)
    if values is not None:
        # Zero in value. The critic has a loss of its own: detach it here.
        baseline = (1 - magic_box(logp)) * values.detach()
        result = result + baseline.sum(1)
    return result


# --8<-- [end:dice]
# --8<-- [start:check]
# Two actions in a row, the second seen from a state that the first one made.
theta = torch.tensor(0.5, requires_grad=True)
steps = torch.tensor([1.0, 0.0, -1.0])
first, second = (i.flatten() for i in torch.meshgrid(2 * [torch.arange(3)], indexing="ij"))
logp1 = torch.log_softmax(theta * steps, 0)[first]
logp2 = torch.log_softmax(theta**2 * steps * (first[:, None] + 1), 1)
logp2 = logp2[torch.arange(9), second]
logp = torch.stack([logp1, logp2], 1)
rewards = torch.stack([first - 1.0, (second - first) ** 2.0], 1)
values = torch.stack([torch.full((9,), 0.7), first + 0.5], 1)
values.requires_grad_()

p = logp.sum(1).exp()  # of each of the nine trajectories
exact = p @ rewards.sum(1)
ways = {
    "exact": exact,
    "dice": p.detach() @ dice(logp, rewards),
    "with baseline": p.detach() @ dice(logp, rewards, values),
}
found = []
for name, J in ways.items():
    derivatives, t = [J], J
    for _ in range(3):
        (t,) = torch.autograd.grad(t, theta, create_graph=True)
        derivatives.append(t)
    found.append([d.item() for d in derivatives])
    print(f"{name:13}", *(f"{d:.3f}" for d in found[-1]))
#> exact         1.065 -0.768 -2.337 -6.816
#> dice          1.065 -0.768 -2.337 -6.816
#> with baseline 1.065 -0.768 -2.337 -6.816
# --8<-- [end:check]
