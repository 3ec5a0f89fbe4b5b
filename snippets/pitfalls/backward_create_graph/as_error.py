import warnings

import torch

warnings.simplefilter("error", UserWarning)
a = torch.tensor(1.0, requires_grad=True)
c = a * a
try:
    c.backward(create_graph=True)
except UserWarning as warning:
    print(str(warning)[:44])
#> Using backward() with create_graph=True will
