# right: pitfalls/integer_tensors/float.py
import torch

a = torch.tensor(1)
a.requires_grad = True
#! RuntimeError: only Tensors of floating point and complex dtype can require gradients
