# right: pitfalls/integer_tensors/quantized_right.py
import torch

quantized = torch.tensor([[12, -7], [3, 90]], dtype=torch.int8)
weight = torch.nn.Parameter(quantized)
#! RuntimeError: Only Tensors of floating point and complex dtype can require gradients
