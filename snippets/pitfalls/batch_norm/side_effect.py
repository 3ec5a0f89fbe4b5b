import torch

norm = torch.nn.BatchNorm1d(1)
real = torch.full((8, 1), 5.0)
mixed = torch.full((8, 1), -5.0)
norm(real)
print("after the loss:", norm.running_mean.item(), norm.num_batches_tracked.item())
#> after the loss: 0.5 1
norm(mixed)
print("after the penalty:", norm.running_mean.item(), norm.num_batches_tracked.item())
#> after the penalty: -0.050000011920928955 2
