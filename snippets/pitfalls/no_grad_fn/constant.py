# right: pitfalls/no_grad_fn/constant_right.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
for u in ((x**3).sum(), (3 * x).sum()):
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    print("u_x:", u_x.tolist(), "requires_grad:", u_x.requires_grad)
#> u_x: [3.0, 12.0] requires_grad: True
#> u_x: [3.0, 3.0] requires_grad: False
u_xx = torch.autograd.grad(u_x.sum(), x, materialize_grads=True)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
