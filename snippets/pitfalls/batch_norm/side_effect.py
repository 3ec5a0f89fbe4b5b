import torch

norm = torch.nn.BatchNorm1d(1)
real = torch.full((8, 1), 5.0)
mixed = torch.full((8, 1), -5.0)
norm(real)
before = norm.running_mean.item()
norm(mixed)
after = norm.running_mean.item()
print(f"running mean: {before:.2f}, after the penalty: {after:.2f}")
#> running mean: 0.50, after the penalty: -0.05
