# wrong: mixed is nan, the second derivative is 1.0
# right: pitfalls/forward_over_reverse/det_right.py
import warnings

import torch

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
hessian = torch.func.hessian(torch.linalg.det)(torch.eye(2))
mixed = hessian[0, 0, 1, 1].item()
twice = torch.func.jacrev(torch.func.jacrev(torch.linalg.det))(torch.eye(2))
print("mixed:", mixed, "with jacrev twice:", twice[0, 0, 1, 1].item())
#> mixed: nan with jacrev twice: nan
# --8<-- [end:shown]
