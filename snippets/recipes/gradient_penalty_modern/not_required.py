# right: recipes/gradient_penalty_modern/real_images.py
import torch
from torch import nn

critic = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
real = torch.randn(4, 2)
slope = torch.autograd.grad(critic(real).sum(), real, create_graph=True)[0]
#! RuntimeError: One of the differentiated Tensors does not require grad
