import gc
import weakref

import torch

w = torch.ones(3, requires_grad=True)
(w**3).sum().backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle ...
seen = weakref.ref(w)
del w
gc.collect()
after_collection = seen() is not None
print("alive after del and gc.collect():", after_collection)
#> alive after del and gc.collect(): True
seen().grad = None
after_reset = seen() is not None
print("alive after .grad = None:", after_reset)
#> alive after .grad = None: False
