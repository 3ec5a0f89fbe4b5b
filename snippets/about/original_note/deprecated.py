import torch

g = torch.tensor([3.0, 4.0])
notice = "torch.norm is deprecated and may be removed in a future PyTorch release."
print(notice in " ".join(torch.norm.__doc__.split()))
#> True
print(torch.norm(g), torch.linalg.vector_norm(g))
#> tensor(5.) tensor(5.)
