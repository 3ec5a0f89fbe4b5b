import torch

a = torch.tensor(1, requires_grad=True)
#! RuntimeError: Only Tensors of floating point and complex dtype can require gradients
