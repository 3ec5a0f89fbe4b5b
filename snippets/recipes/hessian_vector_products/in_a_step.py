# uses: recipes/curvature/curvature_products.py
import torch
from curvature_products import diagonal, hessian


class Scaled(torch.optim.Optimizer):
    """Steps that are divided by a curvature, which somebody leaves in the state."""

    def __init__(self, params, lr=1.0):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                size = self.state[p]["curvature"].abs().clamp(min=0.01)
                p -= group["lr"] * p.grad / size


w = torch.tensor([3.0, -2.0, 1.0], requires_grad=True)
optimizer = Scaled([w])


def training_step(batch):  # yours: it returns the loss, as the trainer asks
    loss = (batch * w.square()).sum() / 2 - w.sum()
    # --8<-- [mark]
    (curvature,) = diagonal(hessian(loss, [w]), [w])
    optimizer.state[w]["curvature"] = curvature
    return loss


for batch in [torch.tensor([0.5, 4.0, 20.0])]:  # the trainer's, not to be changed
    optimizer.zero_grad()
    loss = training_step(batch)
    loss.backward()
    optimizer.step()
print([round(entry, 4) for entry in w.tolist()])
#> [2.0, 0.25, 0.05]
