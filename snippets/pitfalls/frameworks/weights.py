# right: pitfalls/frameworks/weights_right.py
import torch

with torch.inference_mode():
    w = torch.tensor([1.0, 2.0])
x = torch.tensor([3.0, 4.0], requires_grad=True)
energy = (w * x**2).sum()
#! RuntimeError: Inference tensors cannot be saved for backward. Please do
#!   not use Tensors created in inference mode in computation tracked by
#!   autograd. To work around this, you can make a clone to get a normal
#!   tensor and use it in autograd, or use `torch.no_grad()` instead of
#!   `torch.inference_mode()`.
