import torch

w = torch.tensor([-1.0, -1.0], requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.autograd.set_detect_anomaly(True):
    y = torch.relu(w @ x)
    dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
    P = (dy_dx.pow(2).sum().sqrt() - 1) ** 2
    P.backward()
#! UserWarning: Error detected in PowBackward0. Traceback of forward call that caused the
#!   error: ... P = (dy_dx.pow(2).sum().sqrt() - 1) ** 2 ...
#! RuntimeError: Function 'PowBackward0' returned nan values in its 0th output.
