# right: pitfalls/compile/inside.py
import torch


@torch.compile(backend="aot_eager", fullgraph=True)
def loss(x):
    partial = (x**4).sum()
    grad = torch.autograd.grad(partial, x)[0]
    return partial + grad.pow(2).sum()


x = torch.tensor([0.5, 1.5], requires_grad=True)
loss(x).backward()
#! torch._dynamo.exc.Unsupported: using `torch.autograd.grad` with
#!   `torch._dynamo.config.trace_autograd_ops=False` Explanation: Attempted to call
#!   `torch.autograd.grad` with config `torch._dynamo.config.trace_autograd_ops` set to
#!   `False`. Hint: Change `torch._dynamo.config.trace_autograd_ops` to `True`. ...
