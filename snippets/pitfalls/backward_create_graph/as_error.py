import warnings

import torch

torch.set_warn_always(True)
a = torch.tensor(1.0, requires_grad=True)
c = a * a
with warnings.catch_warnings():
    warnings.simplefilter("error", UserWarning)
    try:
        c.backward(create_graph=True)
    except UserWarning as warning:
        print(str(warning)[:44])
#> Using backward() with create_graph=True will
