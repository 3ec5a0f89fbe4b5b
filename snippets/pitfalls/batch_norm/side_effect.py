import torch

norm = torch.nn.BatchNorm1d(1)
real = torch.full((8, 1), 5.0)
mixed = torch.full((8, 1), -5.0)
norm(real)
print("after the loss:", round(norm.running_mean.item(), 2), norm.num_batches_tracked.item())
#> after the loss: 0.5 1
norm(mixed)
print("after the penalty:", round(norm.running_mean.item(), 2), norm.num_batches_tracked.item())
#> after the penalty: -0.05 2
