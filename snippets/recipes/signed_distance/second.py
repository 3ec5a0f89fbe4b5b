import torch
from torch.nn import Linear, ReLU, Sequential, Softplus
from torch.nn.functional import grid_sample

torch.manual_seed(0)
image = torch.randn(1, 1, 8, 8)


def sampled(mode):
    def field(x):
        at = x.reshape(1, 1, -1, 2)
        return grid_sample(image, at, mode, align_corners=True).flatten()

    return field


fields = {
    "ReLU": Sequential(Linear(2, 16), ReLU(), Linear(16, 1)),
    "Softplus": Sequential(Linear(2, 16), Softplus(), Linear(16, 1)),
    "bilinear": sampled("bilinear"),
    "bicubic": sampled("bicubic"),
}
bends = []
x = torch.tensor([0.3, -0.2])
for name, field in fields.items():
    H = torch.autograd.functional.hessian(lambda x: field(x).sum(), x)
    bends += [bool(H[0, 0].abs() > 1e-4), bool(H[0, 1].abs() > 1e-4)]
    print(f"{name:8} f_xx is not 0: {bends[-2]}, f_xy: {bends[-1]}")
#> ReLU     f_xx is not 0: False, f_xy: False
#> Softplus f_xx is not 0: True, f_xy: True
#> bilinear f_xx is not 0: False, f_xy: True
#> bicubic  f_xx is not 0: True, f_xy: True
