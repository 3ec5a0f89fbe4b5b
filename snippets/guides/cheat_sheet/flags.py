import torch
from torch.autograd import functional, grad

x = torch.tensor([1.0, 2.0], requires_grad=True)
z = torch.tensor(3.0, requires_grad=True)


def f():
    return x.pow(3).sum()


# --8<-- [start:create-graph]
print(grad(f(), x)[0].requires_grad, grad(f(), x, create_graph=True)[0].requires_grad)
#> False True
# --8<-- [end:create-graph]
# --8<-- [start:retain-graph]
y = f()
print(grad(y, x, retain_graph=True)[0].requires_grad, grad(y, x)[0].tolist())
#> False [3.0, 12.0]
# --8<-- [end:retain-graph]
# --8<-- [start:allow-unused]
print(grad(f(), z, allow_unused=True)[0])
#> None
# --8<-- [end:allow-unused]
# --8<-- [start:materialize-grads]
print(grad(f(), z, materialize_grads=True)[0].item())
#> 0.0
# --8<-- [end:materialize-grads]
# --8<-- [start:grad-outputs]
print(grad(x**3, x, grad_outputs=torch.tensor([1.0, 10.0]))[0].tolist())
#> [3.0, 120.0]
# --8<-- [end:grad-outputs]
# --8<-- [start:is-grads-batched]
print(grad(x**3, x, torch.eye(2), is_grads_batched=True)[0].tolist())
#> [[3.0, 0.0], [0.0, 12.0]]
# --8<-- [end:is-grads-batched]
# --8<-- [start:backward]
f().backward()
print(x.grad.tolist())
#> [3.0, 12.0]
# --8<-- [end:backward]
# --8<-- [start:inputs]
(f() + z**2).backward(inputs=[z])
print(x.grad.tolist(), z.grad.item())
#> [3.0, 12.0] 6.0
# --8<-- [end:inputs]
# --8<-- [start:strict]
try:
    functional.jacobian(lambda x: z, x, strict=True)
except RuntimeError as error:
    print(str(error)[:53])
#> Output 0 of the user-provided function is independent
# --8<-- [end:strict]
