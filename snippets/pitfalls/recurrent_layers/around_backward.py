# right: pitfalls/recurrent_layers/gpu_right.py
# requires: cuda
# recorded: NVIDIA H100, torch 2.11.0, 2026-11-27
import torch

layer = torch.nn.LSTM(2, 3).cuda()
x = torch.randn(5, 1, 2, device="cuda", requires_grad=True)
y = layer(x)[0].pow(2).sum()
with torch.backends.cudnn.flags(enabled=False):
    dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
    dy_dx.pow(2).sum().backward()
#! NotImplementedError: the derivative for '_cudnn_rnn_backward' is not implemented. ...
