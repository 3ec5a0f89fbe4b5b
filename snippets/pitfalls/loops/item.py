# right: pitfalls/loops/per_unit.py
import torch

x = torch.tensor([0.5, -1.0], requires_grad=True)
h = torch.tanh(x)
log = []
h.register_hook(lambda grad: log.append(grad.sum().item()))
torch.autograd.grad(h, x, torch.eye(2), is_grads_batched=True)
#! RuntimeError: Batching rule not implemented for aten::item. We could
#!   not generate a fallback.
