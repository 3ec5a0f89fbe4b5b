# wrong: finite is False, the answer is True
# right: recipes/gradient_penalty_modern/path_norm.py
import torch

torch.manual_seed(0)
G = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 16))
latents = torch.randn(3, 4)
latents[0] *= 0
G[0].bias.data -= 0.5  # at this latent, no unit is on
latents.requires_grad_()
images = G(latents)
noise = torch.randn_like(images)
(slope,) = torch.autograd.grad((images * noise).sum(), latents, create_graph=True)
# --8<-- [mark]
lengths = slope.square().sum(1).sqrt()
penalty = (lengths - 1).square().mean()
penalty.backward()
weight = G[0].weight.grad
finite = bool(weight.isfinite().all())
print(f"penalty {penalty.item():.2f}, finite {finite}")
#> penalty 0.40, finite False
