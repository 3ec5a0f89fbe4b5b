import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
critic = nn.Sequential(layer, nn.Flatten(), nn.Linear(3 * 8, 1))
real, fake = torch.randn(2, 16, 3, 8)


# --8<-- [start:loss]
def backward(critic, real, fake, parts=4):
    for x in real.detach().chunk(parts):
        x.requires_grad_()
        with sdpa_kernel(SDPBackend.MATH):
            score = critic(x)
        (slope,) = torch.autograd.grad(
            score.sum(), x, create_graph=True
        )
        penalty = slope.square().sum() / len(real)
        # --8<-- [mark]
        (5 * penalty).backward()
    (critic(fake) - critic(real)).mean().backward()  # fused


# --8<-- [end:loss]
backward(critic, real, fake)
grads = [p.grad for p in critic.parameters()]


def whole(critic, real, fake):
    x = real.detach().requires_grad_()
    with sdpa_kernel(SDPBackend.MATH):
        score = critic(x)
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    penalty = slope.square().flatten(1).sum(1).mean()
    return (critic(fake) - score).mean() + 5 * penalty


loss = whole(critic, real, fake)
reference = torch.autograd.grad(loss, list(critic.parameters()))
pairs = zip(grads, reference)
same = [torch.allclose(*pair, atol=1e-5) for pair in pairs]
print("the gradient of the whole:", all(same))
#> the gradient of the whole: True
norm = torch.cat([grad.flatten() for grad in grads]).norm().item()
print(f"norm of the gradient: {norm:.3f}")
#> norm of the gradient: 10.389
