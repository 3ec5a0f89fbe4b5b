import gc
import weakref

import torch


def function(on_ctx):
    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = x.exp()
            if on_ctx:
                ctx.y = y
            else:
                ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, outer):
            y = ctx.y if on_ctx else ctx.saved_tensors[0]
            return outer * y

    return Exp


class Mark:
    pass


def is_freed(Exp):
    y = Exp.apply(torch.ones(2, requires_grad=True))
    y.grad_fn.metadata["mark"] = mark = Mark()
    alive = weakref.ref(mark)
    del y, mark
    return alive() is None


gc.disable()  # so that reference counts alone decide
print("ctx.y:", is_freed(function(True)))
#> ctx.y: False
print("save_for_backward:", is_freed(function(False)))
#> save_for_backward: True
