# right: pitfalls/advice_checkpoint_backward/right.py
import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
y = checkpoint(lambda x: w * x**3, x, use_reentrant=True)
y.backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a reference cycle
#!   between the parameter and its gradient which can cause a memory leak. We recommend
#!   using autograd.grad when creating the graph to avoid this. If you have to use this
#!   function, make sure to reset the .grad fields of your parameters to None after use to
#!   break the cycle and avoid the leak. (Triggered internally at ...)
penalty = x.grad**2
penalty.backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
