import warnings

import torch

w = torch.tensor([-1.0, -1.0], requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
recorded = warnings.catch_warnings(record=True)
with recorded as caught, torch.autograd.set_detect_anomaly(True):
    y = torch.relu(w @ x)
    dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
    P = (dy_dx.pow(2).sum().sqrt() - 1) ** 2
    try:
        P.backward()
    except RuntimeError as error:
        failure = error
lines = str(caught[0].message).splitlines()
print(lines[0].partition(".")[0])
#> Error detected in PowBackward0
print(*[line.strip() for line in lines if "P =" in line])
#> P = (dy_dx.pow(2).sum().sqrt() - 1) ** 2
raise failure
#! RuntimeError: Function 'PowBackward0' returned nan values in its 0th
#!   output.
