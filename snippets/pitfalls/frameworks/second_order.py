import warnings

import torch

warnings.simplefilter("ignore", UserWarning)


# --8<-- [start:optimizer]
class DiagonalNewton(torch.optim.Optimizer):
    """What AdaHessian and Sophia-H have in common, without their averages."""

    def __init__(self, params, lr=1.0):
        super().__init__(params, {"lr": lr})

    def step(self):
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            grads = [p.grad for p in params]
            signs = [torch.randn_like(g).sign() for g in grads]
            products = torch.autograd.grad(grads, params, signs)
            with torch.no_grad():
                for p, g, z, h in zip(params, grads, signs, products):
                    p -= group["lr"] * g / (z * h).abs()


w = torch.tensor([3.0, -2.0], requires_grad=True)
optimizer = DiagonalNewton([w])
for _ in range(2):
    loss = (torch.tensor([1.0, 5.0]) * (w - 1) ** 2).sum()
    optimizer.zero_grad()
    # In Lightning self.manual_backward, in Accelerate accelerator.backward.
    loss.backward(create_graph=True)
    optimizer.step()
    optimizer.zero_grad()  # or .grad keeps the graph until the next step
print(w.tolist())
#> [1.0, 1.0]
# --8<-- [end:optimizer]
