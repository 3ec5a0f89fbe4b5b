# right: pitfalls/unused_input/fast_weights.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
x, y = torch.randn(8, 2), torch.randn(8, 1)
# --8<-- [start:inner]
fast = dict(net.named_parameters())
for _ in range(2):
    loss = (net(x) - y).square().mean()  # again of the first weights
    grads = torch.autograd.grad(loss, fast.values(), create_graph=True)
    fast = {name: w - 0.1 * g for (name, w), g in zip(fast.items(), grads)}
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in ...
# --8<-- [end:inner]
