import torch

x = torch.tensor([4.0, 0.0], requires_grad=True)
mask = torch.tensor([True, False])
with torch.autograd.set_detect_anomaly(True):
    u = torch.where(mask, x**1.5, 0.0).sum()
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    P = u_x.pow(2).sum()
    P.backward()
#! UserWarning: Error detected in PowBackward0. Traceback of forward call that caused the
#!   error: ... u_x = torch.autograd.grad(u, x, create_graph=True)[0] ...
#! UserWarning: Previous calculation was induced by PowBackward0. Traceback of forward call
#!   that induced the previous calculation: ... u = torch.where(mask, x**1.5, 0.0).sum() ...
#! RuntimeError: Function 'PowBackward0' returned nan values in its 0th output.
