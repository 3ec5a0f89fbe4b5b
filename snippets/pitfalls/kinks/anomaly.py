import warnings

import torch

x = torch.tensor([4.0, 0.0], requires_grad=True)
mask = torch.tensor([True, False])
recorded = warnings.catch_warnings(record=True)
with recorded as caught, torch.autograd.set_detect_anomaly(True):
    u = torch.where(mask, x**1.5, 0.0).sum()
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    P = u_x.pow(2).sum()
    try:
        P.backward()
    except RuntimeError as error:
        print(error)
#> Function 'PowBackward0' returned nan values in its 0th output.
for warning in caught:
    lines = str(warning.message).strip().splitlines()
    print(lines[0].partition(".")[0])
    print(*[line.strip() for line in lines if "= torch" in line])
#> Error detected in PowBackward0
#> u_x = torch.autograd.grad(u, x, create_graph=True)[0]
#> Previous calculation was induced by PowBackward0
#> u = torch.where(mask, x**1.5, 0.0).sum()
