import torch

torch.manual_seed(0)
unet = torch.nn.Linear(2, 2).requires_grad_(False)
x = torch.tensor([[1.0, -2.0]])

for _ in range(3):
    x_in = x.detach().requires_grad_()  # a name of its own, once per step
    loss = (x_in - 0.5 * unet(x_in)).pow(2).sum()
    (g,) = torch.autograd.grad(loss, x_in)
    x = x - 0.1 * g
    print(f"{loss.item():.3f}", x.requires_grad)
#> 7.707 False
#> 3.946 False
#> 2.084 False
