# --8<-- [start:setup]
import torch
from torch.autograd import functional, grad

x = torch.tensor([1.0, 2.0], requires_grad=True)
z = torch.tensor(3.0, requires_grad=True)


def f():
    return x.pow(3).sum()
# --8<-- [end:setup]


# --8<-- [start:create-graph]
print(grad(f(), x)[0].requires_grad)
#> False
print(grad(f(), x, create_graph=True)[0].requires_grad)
#> True
# --8<-- [end:create-graph]
# --8<-- [start:retain-graph]
y = f()
g = grad(y, x, retain_graph=True)[0]
print(g.requires_grad, grad(y, x)[0].tolist())
#> False [3.0, 12.0]
# --8<-- [end:retain-graph]
# --8<-- [start:allow-unused]
print(grad(f(), z, allow_unused=True))
#> (None,)
# --8<-- [end:allow-unused]
# --8<-- [start:materialize-grads]
print(grad(f(), z, materialize_grads=True)[0].item())
#> 0.0
# --8<-- [end:materialize-grads]
# --8<-- [start:grad-outputs]
w = torch.tensor([1.0, 10.0])
print(grad(x**3, x, grad_outputs=w)[0].tolist())
#> [3.0, 120.0]
# --8<-- [end:grad-outputs]
# --8<-- [start:is-grads-batched]
rows = torch.eye(2)
J = grad(x**3, x, rows, is_grads_batched=True)[0]
print(J.tolist())
#> [[3.0, 0.0], [0.0, 12.0]]
# --8<-- [end:is-grads-batched]
# --8<-- [start:backward]
f().backward()
f().backward()
print(x.grad.tolist())
#> [6.0, 24.0]
# --8<-- [end:backward]
# --8<-- [start:inputs]
x.grad = None
(f() + z**2).backward(inputs=[z])
print(x.grad, z.grad.item())
#> None 6.0
# --8<-- [end:inputs]
# --8<-- [start:functional]
J = functional.jacobian(torch.exp, x)
print(J.requires_grad)
#> False
J = functional.jacobian(torch.exp, x, create_graph=True)
print(J.requires_grad)
#> True
# --8<-- [end:functional]
# --8<-- [start:strict]
print(functional.jacobian(lambda x: z, x).tolist())
#> [0.0, 0.0]
try:
    functional.jacobian(lambda x: z, x, strict=True)
except RuntimeError as error:
    print(str(error)[:53])
#> Output 0 of the user-provided function is independent
# --8<-- [end:strict]
