# right: pitfalls/recurrent_layers/critic_right.py
# requires: cuda
# recorded: NVIDIA H100, torch 2.11.0, 2026-11-27
import torch
from torch import nn

torch.manual_seed(0)
device = "cuda"
lstm = nn.LSTM(2, 16, batch_first=True).to(device)
head = nn.Linear(16, 1).to(device)
real, fake = torch.randn(2, 8, 5, 2, device=device)


# --8<-- [start:loss]
def critic(x):
    # --8<-- [mark]
    states, _ = lstm(x)
    return head(states[:, -1])


def critic_loss(real, fake):
    x = real.detach().requires_grad_()
    score = critic(x)
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    penalty = slope.square().flatten(1).sum(dim=1).mean()
    return (critic(fake) - score).mean() + 5 * penalty


critic_loss(real, fake).backward()
#! NotImplementedError: the derivative for '_cudnn_rnn_backward' is not implemented. Double
#!   backwards is not supported for CuDNN RNNs due to limitations in the CuDNN API. To run
#!   double backwards, please disable the CuDNN backend temporarily while running the
#!   forward pass of your RNN. For example: with torch.backends.cudnn.flags(enabled=False):
#!   output = model(inputs)
# --8<-- [end:loss]
