# right: pitfalls/optimizer_step/deepcopy_norm_right.py
import copy

import torch
from torch import nn

critic = nn.utils.spectral_norm(nn.Linear(2, 1))
critic(torch.ones(1, 2))
copy.deepcopy(critic)
#! RuntimeError: Only Tensors created explicitly by the user (graph leaves)
#!   support the deepcopy protocol at the moment. If you were attempting to
#!   deepcopy a module, this may be because of a torch.nn.utils.weight_norm
#!   usage, see https://github.com/pytorch/pytorch/pull/103001
