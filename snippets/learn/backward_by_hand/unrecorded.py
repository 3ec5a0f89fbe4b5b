import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)

recorded = b * (2 * a)
with torch.no_grad():
    unrecorded = b * (2 * a)

print(recorded)
#> tensor(4., grad_fn=<MulBackward0>)
print(unrecorded)
#> tensor(4.)
