# uses: recipes/unrolled_updates/unrolled.py
import torch
from unrolled import LearnedOptimizer, cut, unroll

torch.manual_seed(0)
learned = LearnedOptimizer()


def ended(learned, loss, steps=60):
    """The loss after so many steps, in the same segments, without training."""
    theta = torch.ones(4, requires_grad=True)
    state = learned.start(theta)
    for _ in range(steps // 20):
        _, theta, state = unroll(learned, loss, theta, state, 20)
        theta, state = cut(theta, state)
    return loss(theta).item()


def task():
    """Draw a bowl with other curvatures, which the optimizer has not seen."""
    curvatures = torch.rand(4) + 0.5
    return lambda theta: (curvatures * theta**2).sum()


held = task()
before = ended(learned, held)
# --8<-- [start:train]
meta = torch.optim.Adam(learned.parameters(), lr=0.01)
for _ in range(40):  # tasks
    loss, theta = task(), torch.randn(4, requires_grad=True)
    state = learned.start(theta)
    for _ in range(3):  # segments of 20 steps
        total, theta, state = unroll(learned, loss, theta, state, steps=20)
        meta.zero_grad()
        total.backward()
        meta.step()
        # --8<-- [mark]
        theta, state = cut(theta, state)
# --8<-- [end:train]
after = ended(learned, held)
print("ten times closer on a new task:", after < before / 10)
#> ten times closer on a new task: True
