"""Small image models, with respect to the image, and activations that save memory."""

import timm
import torch
from timm.layers import create_act, set_fused_attn

from measured.libraries.inside import twice

x = torch.randn(2, 3, 32, 32)
flat = torch.randn(7)
for name in ("silu", "mish", "hard_swish", "hard_mish", "hard_sigmoid", "gelu"):
    layer = create_act.create_act_layer(name, inplace=False)
    twice(f"create_act_layer('{name}')", lambda f=layer: f(flat), [flat])
for fused in (True, False):
    set_fused_attn(fused)
    vit = (
        timm.create_model(
            "vit_tiny_patch16_224", img_size=32, depth=1, embed_dim=12, num_heads=3, num_classes=2
        )
        .double()
        .eval()
    )
    twice(f"a vision transformer, set_fused_attn({fused})", lambda m=vit: m(x), [x])
