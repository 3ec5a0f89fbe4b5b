# right: pitfalls/recurrent_layers/gpu_right.py
# requires: cuda
# recorded: NVIDIA H100, torch 2.11.0, 2026-11-27
import torch

layer = torch.nn.LSTM(2, 3).cuda().eval()
x = torch.randn(5, 1, 2, device="cuda", requires_grad=True)
dy_dx = torch.autograd.grad(layer(x)[0].sum(), x)[0]
#! RuntimeError: cudnn RNN backward can only be called in training mode
