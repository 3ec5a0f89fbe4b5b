# right: pitfalls/frameworks/validation_right.py
import torch

with torch.inference_mode():
    x = torch.tensor([3.0, 4.0])
x.requires_grad_()
#! RuntimeError: Setting requires_grad=True on inference tensor outside
#!   InferenceMode is not allowed.
