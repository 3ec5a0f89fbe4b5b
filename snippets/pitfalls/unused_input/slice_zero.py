# wrong: u_t is [0.0], the derivative is [4.0]
# right: pitfalls/unused_input/slice_right.py
import torch

xt = torch.tensor([[1.0, 2.0]], requires_grad=True)
u = xt[:, 0] * xt[:, 1] ** 2
t = xt[:, 1]
u_t = torch.autograd.grad(u.sum(), t, materialize_grads=True)[0]
print("u_t:", u_t.tolist())
#> u_t: [0.0]
