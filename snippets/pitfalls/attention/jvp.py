# right: pitfalls/attention/jvp_right.py
import warnings

import torch
from torch.func import jvp
from torch.nn.functional import scaled_dot_product_attention

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
# --8<-- [start:wrong]
x, v = torch.randn(2, 1, 2, 4, 8)
slope = jvp(lambda x: scaled_dot_product_attention(x, x, x), (x,), (v,))[1]
#! NotImplementedError: Trying to use forward AD with
#!   _scaled_dot_product_flash_attention_for_cpu that does not support it because it has not
#!   been implemented yet. ...
# --8<-- [end:wrong]
