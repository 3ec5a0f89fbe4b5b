# uses: guides/checker/lostgrad.py
import torch
from lostgrad import against


class HalfSine(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.half().sin()

    @staticmethod
    def backward(ctx, outer):
        return outer * ctx.saved_tensors[0].detach().cos()


x = torch.linspace(-1, 1, 64, dtype=torch.float16)
print(against(lambda x: x.sin(), HalfSine.apply, [x]))
#> lostgrad: WRONG
#>   second derivative: WRONG
#>     autograd 0, differences -1.115, off by 6.1 %
#>     (of which its rounding explains 0.98 %)
#>   2 slopes agree with differences, to 1e-02 or better
