import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(
    nn.Conv2d(3, 4, 3), nn.SiLU(), nn.Flatten(), nn.Linear(144, 1)
)
images = torch.randint(0, 256, (4, 3, 8, 8), dtype=torch.uint8)


# --8<-- [start:penalty]
def gradient_penalty(critic, images):
    # --8<-- [mark]
    x = images.float().div(255).requires_grad_()
    slope = torch.autograd.grad(
        critic(x).sum(),
        x,
        create_graph=True,
    )[0]
    return slope.flatten(1).pow(2).sum(dim=1).mean()


penalty = gradient_penalty(critic, images)
print("requires_grad:", penalty.requires_grad)
#> requires_grad: True
# --8<-- [end:penalty]
