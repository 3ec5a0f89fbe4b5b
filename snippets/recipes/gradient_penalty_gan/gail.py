import torch

torch.manual_seed(0)
D = torch.nn.Sequential(torch.nn.Linear(6, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
expert, policy = torch.randn(8, 6), 3 * torch.randn(8, 6)  # (state, action) pairs
mean, std = policy.mean(0), policy.std(0)


# --8<-- [start:penalty]
def slopes(space):
    mixture = torch.lerp(policy, expert, torch.rand(8, 1))
    if space == "normalized":
        mixture = (mixture - mean) / std
    x = mixture.requires_grad_()
    scores = D(x if space == "normalized" else (x - mean) / std)
    (slope,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return slope.norm(dim=1)


penalties = {}
for space in ("raw", "normalized"):
    torch.manual_seed(1)  # one mixture
    penalties[space] = (slopes(space) - 1).square().mean().item()
# --8<-- [end:penalty]
for space, penalty in penalties.items():
    print(f"slope 1 in {space} space: {penalty:.3f}")
#> slope 1 in raw space: 0.918
#> slope 1 in normalized space: 0.753
raw, normalized = penalties.values()
(slopes("normalized") - 1).square().mean().backward()  # it trains D
