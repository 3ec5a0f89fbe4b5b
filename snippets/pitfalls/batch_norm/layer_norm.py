import torch

torch.manual_seed(0)
critic = torch.nn.Sequential(
    torch.nn.Linear(4, 8), torch.nn.LayerNorm(8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
)
x = torch.randn(3, 4, requires_grad=True)
summed = torch.autograd.grad(critic(x).sum(), x)[0]
own = torch.stack([torch.autograd.grad(critic(x)[i, 0], x)[0][i] for i in range(3)])
print("each sample has its own gradient:", torch.allclose(summed, own))
#> each sample has its own gradient: True
