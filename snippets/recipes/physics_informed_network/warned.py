import torch
from torch.nn.functional import mse_loss

u_x = torch.linspace(0, 0.9, 8)[:, None]
f = torch.linspace(0, 1, 8)
loss = mse_loss(u_x, f)
#! UserWarning: Using a target size (torch.Size([8])) that is different to the input size
#!   (torch.Size([8, 1])). This will likely lead to incorrect results due to broadcasting.
#!   Please ensure they have the same size.
