"""A small U-Net by each attention, and a step of a scheduler, with respect to the noisy image."""

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0

from measured.libraries.inside import twice

net = UNet2DConditionModel(
    sample_size=8, block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=2,
    cross_attention_dim=4, attention_head_dim=2,
    down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
).double().eval()  # fmt: skip
x, words = torch.randn(1, 4, 8, 8), torch.randn(1, 2, 4)
scheduler = DDIMScheduler(10)
scheduler.set_timesteps(5)


def noise():
    return net(x, 3, words).sample


for processor in (AttnProcessor2_0, AttnProcessor):
    net.set_attn_processor(processor())
    twice(f"UNet2DConditionModel, {processor.__name__}", noise, [x, words])
twice("DDIMScheduler.step after it", lambda: scheduler.step(noise(), 4, x).prev_sample, [x, words])
net.enable_gradient_checkpointing()
net.train()
twice("UNet2DConditionModel, enable_gradient_checkpointing()", noise, [x, words])
