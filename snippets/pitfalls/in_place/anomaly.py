# right: pitfalls/in_place/order.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.autograd.set_detect_anomaly(True, check_nan=False):
    g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
    penalty = g.pow(2).sum()
    with torch.no_grad():
        w -= 0.5
    dP_dw = torch.autograd.grad(penalty, w)[0]
#! UserWarning: Error detected in PowBackward0. Traceback of forward call
#!   that caused the error: ... g = torch.autograd.grad((w**3).sum(), w,
#!   create_graph=True)[0] ...
#! UserWarning: Previous calculation was induced by PowBackward0.
#!   Traceback of forward call that induced the previous calculation: ...
#! RuntimeError: one of the variables needed for gradient computation has
#!   been modified by an inplace operation: [torch.FloatTensor [2]] is at
#!   version 1; expected version 0 instead. Hint: the backtrace further
#!   above shows the operation that failed to compute its gradient. The
#!   variable in question was changed in there or anywhere later. Good luck!
