from types import SimpleNamespace

import torch
from torch.func import grad, jacrev

library = SimpleNamespace(MaskedSoftmax=None)  # yours: import library


# --8<-- [start:replaced]
class MaskedSoftmax:  # the same in torch operations, with the same call
    @staticmethod
    def apply(scores, mask):
        lowest = torch.finfo(scores.dtype).min
        filled = scores.masked_fill(~mask, lowest)
        return filled.softmax(-1).masked_fill(~mask, 0)


library.MaskedSoftmax = MaskedSoftmax  # before the model is called
# --8<-- [end:replaced]

mask = torch.tensor([True, True, False])
scores = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)
f = lambda scores: (library.MaskedSoftmax.apply(scores, mask) ** 2).sum()
slope = grad(f)(scores).tolist()
curvature = jacrev(grad(f))(scores)[0, 0].item()
print([round(value, 4) for value in slope], f"{curvature:.4f}")
#> [0.1895, -0.1895, 0.0] -0.0314
