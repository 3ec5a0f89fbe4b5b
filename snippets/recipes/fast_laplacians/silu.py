# right: recipes/fast_laplacians/silu_right.py
import warnings

import torch
from torch.func import jvp
from torch.nn.functional import silu

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
x, v = torch.tensor([0.5]), torch.ones(1)
slope = lambda x: jvp(silu, (x,), (v,))[1]
with torch.no_grad():
    jvp(slope, (x,), (v,))
#! NotImplementedError: Trying to use forward AD with aten::silu_backward that does not
#!   support it.
# --8<-- [end:shown]
