import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
for use_reentrant in (True, False):
    x.grad = None
    y = checkpoint(lambda x: w * x**3, x, use_reentrant=use_reentrant)
    y.backward(create_graph=True)
    print(
        f"use_reentrant={use_reentrant}: {x.grad}, {x.grad.requires_grad}"
    )
#> use_reentrant=True: 12.0, False
#> use_reentrant=False: 12.0, True
#! UserWarning: Using backward() with create_graph=True will create a reference cycle
#!   between the parameter and its gradient which can cause a memory leak. We recommend
#!   using autograd.grad when creating the graph to avoid this. If you have to use this
#!   function, make sure to reset the .grad fields of your parameters to None after use to
#!   break the cycle and avoid the leak. (Triggered internally at ...)
