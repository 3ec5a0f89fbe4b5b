# wrong: dT_dw is None, the derivative is 416.0
# right: pitfalls/compile/whole_step_right.py
import logging

import torch
import torch._dynamo

torch._logging.set_logs(all=logging.ERROR)
w = torch.nn.Parameter(torch.tensor(1.0))
optimizer = torch.optim.SGD([w], lr=1e-4)


# --8<-- [start:step]
torch._dynamo.config.trace_autograd_ops = True


@torch.compile(backend="aot_eager")
def step(x):
    optimizer.zero_grad()
    x = x.detach().requires_grad_()
    y = w * x**3
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    loss = y**2 + y_x**2
    # --8<-- [mark]
    loss.backward()
    optimizer.step()
    return loss


# --8<-- [end:step]
loss = step(torch.tensor(2.0)).item()
dT_dw = w.grad if w.grad is None else w.grad.item()
print("loss:", loss, "gradient:", dT_dw, "weight:", round(w.item(), 4))
#> loss: 208.0 gradient: None weight: 1.0
