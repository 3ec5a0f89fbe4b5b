import torch

counts = torch.tensor([1, 2])
w = counts.to(torch.float32).requires_grad_()
print(w)
#> tensor([1., 2.], requires_grad=True)
