# wrong: P is 9.9788, the squared length of the Jacobian is 3.8267
# right: pitfalls/loops/group_norm_right.py
import torch

torch.manual_seed(0)
norm = torch.nn.GroupNorm(2, 4).double()
x = torch.randn(1, 4, 2, dtype=torch.float64, requires_grad=True)
# --8<-- [start:rows]
h = norm(x).pow(3).flatten(1)[:, :2]
units = torch.eye(2, dtype=h.dtype).unsqueeze(1)
# --8<-- [mark]
J = torch.autograd.grad(
    h,
    x,
    units,
    is_grads_batched=True,
    create_graph=True,
)[0]
P = J.pow(2).sum().item()
print(f"P: {P:.4f}")
#> P: 9.9788
# --8<-- [end:rows]
