import numpy
import torch

print(torch.tensor([1, 2]).dtype, torch.tensor([1.0, 2]).dtype)
#> torch.int64 torch.float32
print(torch.arange(3).dtype, torch.arange(3.0).dtype)
#> torch.int64 torch.float32
print(torch.full((2,), 1).dtype, torch.full((2,), 1.0).dtype)
#> torch.int64 torch.float32
print(torch.from_numpy(numpy.ones(2)).dtype)
#> torch.float64
