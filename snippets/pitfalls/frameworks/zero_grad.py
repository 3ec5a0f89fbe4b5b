# wrong: dT_dw is 18.0, the derivative is 20.0
# right: pitfalls/frameworks/zero_grad_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)


def training_step():
    y = w * x**3
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    (y**2).backward(retain_graph=True)
    return y_x**2


loss = training_step()
optimizer.zero_grad()
loss.backward()
dT_dw = w.grad.item()
print("dT_dw:", dT_dw)
#> dT_dw: 18.0
