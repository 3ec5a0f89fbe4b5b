# right: pitfalls/integer_tensors/float.py
import torch

a = torch.tensor(1).requires_grad_()
#! RuntimeError: only Tensors of floating point dtype can require gradients
