import torch
from torch.autograd import gradgradcheck
from torch.nn.functional import grid_sample

torch.manual_seed(0)
image = torch.randn(1, 1, 4, 5, dtype=torch.float64, requires_grad=True)
grid = (torch.rand(1, 2, 3, 2, dtype=torch.float64) - 0.5).requires_grad_()
for mode in ("bilinear", "bicubic"):
    function = lambda *at, mode=mode: grid_sample(
        *at, mode=mode, align_corners=False
    )
    print(mode, gradgradcheck(function, (image, grid)))
#> bilinear True
#> bicubic True
