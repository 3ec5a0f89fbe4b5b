# uses: recipes/unrolled_updates/unrolled.py
# right: recipes/unrolled_updates/learned.py
import torch
from unrolled import LearnedOptimizer

torch.manual_seed(0)
learned = LearnedOptimizer()
theta = torch.ones(4, requires_grad=True)
state = learned.start(theta)
for _ in range(3):
    (g,) = torch.autograd.grad((theta**2).sum(), theta)
    update, state = learned(g, state)
    # --8<-- [mark]
    theta.data += update  # as an optimizer's step does
(theta**2).sum().backward()
print(learned.update.weight.grad)
#> None
