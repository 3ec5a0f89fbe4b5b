"""Quantizers, whose first derivative is a convention, with respect to what is quantized."""

import torch
from vector_quantize_pytorch import FSQ, VectorQuantize

from measured.libraries.inside import twice

x = torch.randn(1, 4, 2)
for name, options in (("the default", {}), ("rotation_trick=False", {"rotation_trick": False})):
    layer = VectorQuantize(dim=2, codebook_size=4, freeze_codebook=True, **options).double()
    twice(f"VectorQuantize, {name}", lambda f=layer: f(x)[0], [x])
finite = FSQ([5, 5]).double().eval()
twice("FSQ", lambda: finite(x)[0], [x])
