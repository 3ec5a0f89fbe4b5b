# right: pitfalls/compile/flag.py
import torch

torch._dynamo.config.trace_autograd_ops = True


@torch.compile(backend="aot_eager", fullgraph=True)
def loss(x):
    partial = (x**4).sum()
    grad = torch.autograd.grad(partial, x)[0]
    return partial + grad.pow(2).sum()


x = torch.tensor([0.5, 1.5], requires_grad=True)
loss(x)
#! torch._dynamo.exc.Unsupported: autograd.grad consumed returned tensor's grad_fn
#!   Explanation: torch.autograd.grad() consumes grad_fns that are needed by tensors
#!   returned from this compiled function. ...
