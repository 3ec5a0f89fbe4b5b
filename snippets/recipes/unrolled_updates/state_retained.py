# uses: recipes/unrolled_updates/unrolled.py
# right: recipes/unrolled_updates/learned.py
import torch
from unrolled import LearnedOptimizer, unroll

torch.manual_seed(0)
learned = LearnedOptimizer()
meta = torch.optim.Adam(learned.parameters(), lr=0.01)
theta = torch.ones(4, requires_grad=True)
state = learned.start(theta)
# --8<-- [start:segments]
for _ in range(3):
    total, theta, state = unroll(learned, lambda t: (t**2).sum(), theta, state, steps=20)
    meta.zero_grad()
    # --8<-- [mark]
    total.backward(retain_graph=True)
    meta.step()
    theta = theta.detach().requires_grad_()  # the state still has its graph
#! RuntimeError: one of the variables needed for gradient computation has been modified by
#!   an inplace operation: ...
# --8<-- [end:segments]
