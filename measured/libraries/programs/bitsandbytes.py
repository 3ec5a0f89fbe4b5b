"""Layers with few bits, on the CPU, with respect to their input."""

import bitsandbytes
import torch

from measured.libraries.inside import twice

torch.set_default_dtype(torch.float32)
x = torch.randn(2, 64)
layers = {
    "nn.Linear4bit": bitsandbytes.nn.Linear4bit(64, 8, compute_dtype=torch.float32),
    "nn.Linear8bitLt": bitsandbytes.nn.Linear8bitLt(64, 8, has_fp16_weights=False),
    "nn.Embedding": bitsandbytes.nn.Embedding(5, 4),
}
for name, layer in layers.items():
    layer = layer.to("cpu")
    if name == "nn.Embedding":
        twice(name, lambda m=layer: m(torch.tensor([1, 2])), [layer.weight], step=1e-2)
    else:
        twice(name, lambda m=layer: m(x), [x], step=1e-2)
