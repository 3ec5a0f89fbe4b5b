import torch
from torch import nn
from torch.func import functional_call

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
fast = dict(net.named_parameters())
x = torch.randn(8, 2)

for _ in range(3):
    functional_call(net, fast, (x,))
without_buffers = net[1].num_batches_tracked.item()

net[1].reset_running_stats()
buffers = {name: b.clone() for name, b in net.named_buffers()}
for _ in range(3):
    functional_call(net, {**fast, **buffers}, (x,))
with_buffers = net[1].num_batches_tracked.item()
print("updates:", without_buffers, "with buffers:", with_buffers)
#> updates: 3 with buffers: 0
