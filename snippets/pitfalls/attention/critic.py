# right: pitfalls/attention/critic_right.py
import torch
from torch import nn

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
critic = nn.Sequential(layer, nn.Flatten(), nn.Linear(3 * 8, 1))
real, fake = torch.randn(2, 16, 3, 8)


# --8<-- [start:loss]
def critic_loss(critic, real, fake):
    x = real.detach().requires_grad_()
    # --8<-- [mark]
    score = critic(x)
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    penalty = slope.square().flatten(1).sum(dim=1).mean()
    return (critic(fake) - score).mean() + 5 * penalty


critic_loss(critic, real, fake).backward()
#! RuntimeError: derivative for aten::_scaled_dot_product_flash_attention_for_cpu_backward
#!   is not implemented
# --8<-- [end:loss]
