# timeout: 120
# uses: recipes/gradient_penalty_modern/critic_losses.py
# %% [markdown]
# # R1 and R2 penalties in a modern GAN
#
# How often a penalty must be computed is asked of the smallest GAN of all, whose rounds are
# matrices. What it costs is counted on a critic of convolutions.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from critic_losses import lazy, relativistic_loss, slope_penalty
from torch.nn.functional import conv2d, leaky_relu
from torch.utils.flop_counter import FlopCounterMode

# %% [markdown]
# ## Lazy penalties
#
# The generator is a point at distance $e$ from its goal, the critic is $w x$, both take steps of
# size $h$. A round with R1 is a matrix; a lazy one has $\gamma$ times the interval, or none.


# %%
h, gamma, rounds = 0.1, 1.0, 512


def play(every, factor):
    left = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([0.5], dtype=torch.float64, requires_grad=True)
    path = []
    for step in range(rounds):
        critic_loss = -(w * left.detach()).sum()
        if lazy(step, every):
            at = torch.ones(1, 1, dtype=torch.float64)
            critic_loss = critic_loss + factor * slope_penalty(lambda x: x @ w, at, gamma)
        (dw,) = torch.autograd.grad(critic_loss, w)
        (de,) = torch.autograd.grad((w.detach() * left).sum(), left)
        with torch.no_grad():
            w -= h * dw
            left -= h * de
        path.append([left.item(), w.item()])
    return np.array(path)


def closed_form(every, factor):
    state, path = np.array([1.0, 0.5]), []
    for step in range(rounds):
        strength = factor * gamma if step % every == 0 else 0
        state = np.array([[1, -h], [h, 1 - h * strength]]) @ state
        path.append(state)
    return np.array(path)



# %%
# --8<-- [start:played]
games = {(k, factor): play(k, factor) for k in (1, 4, 16, 32) for factor in {1, k}}
off = {game: path - closed_form(*game) for game, path in games.items()}
game_error = max(np.abs(d).max() / np.abs(games[game]).max() for game, d in off.items())
print(f"equal to the matrices: {game_error < 1e-12}")
#> equal to the matrices: True
for k in (1, 4, 16, 32):
    left = [float(np.linalg.norm(games[k, factor][-1])) for factor in (k, 1)]
    print(f"every {k:2}: {left[0]:.0e} with the factor, {left[1]:.0e} without")
#> every  1: 3e-11 with the factor, 3e-11 without
#> every  4: 2e-13 with the factor, 2e-02 without
#> every 16: 4e-02 with the factor, 3e+00 without
#> every 32: 2e+06 with the factor, 9e+00 without
# --8<-- [end:played]

# %%
lazy_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
for (k, factor), color in zip([(1, 1), (16, 16), (16, 1), (32, 32)], ("C0", "C1", "C2", "C3")):
    distances = np.linalg.norm(games[k, factor], axis=1)
    axes.semilogy(distances, color, label=f"every {k}, times {factor}")
axes.set_ylim(1e-12, 1e6)
axes.set_xlabel("rounds")
axes.set_ylabel("distance from the end of the game")
axes.legend()

# %% [markdown]
# ## What it costs


# %%
torch.manual_seed(0)
sizes = [(16, 3, 3, 3), (32, 16, 3, 3), (64, 32, 3, 3), (1, 64, 4, 4)]
weights = [(torch.randn(size) / (size[1] * 9) ** 0.5).requires_grad_() for size in sizes]
real, fake = torch.randn(2, 8, 3, 32, 32)


def D(x):
    for weight in weights[:-1]:
        x = leaky_relu(conv2d(x, weight, stride=2, padding=1), 0.2)
    return conv2d(x, weights[-1]).flatten(1)


def count(*penalized):
    with FlopCounterMode(display=False) as counter:
        loss = relativistic_loss(D(real), D(fake))
        for samples in penalized:
            loss = loss + slope_penalty(D, samples, 1.0)
        loss.backward()
    return counter.get_total_flops()


plain, r1, both = count(), count(real), count(real, fake)
r1_ratio, both_ratio = r1 / plain, both / plain
print(f"R1: {r1_ratio:.2f} times a step without, R1 and R2: {both_ratio:.2f}")
#> R1: 2.19 times a step without, R1 and R2: 3.38
print(f"R1 each 16th step: {1 + (r1_ratio - 1) / 16:.2f}")
#> R1 each 16th step: 1.07

# %% [markdown]
# ## One backward pass or two
#
# The adversarial loss and the penalty may go backward one after the other, which frees the first
# graph before the second is made.

# %%
# --8<-- [start:backward]
def gradients(*losses):
    for weight in weights:
        weight.grad = None
    for loss in losses:
        loss().backward()
    return torch.cat([weight.grad.flatten() for weight in weights])


game = lambda: relativistic_loss(D(real), D(fake))
penalty = lambda: slope_penalty(D, real, 1.0)
together = gradients(lambda: game() + penalty())
backward_error = ((gradients(game, penalty) - together).norm() / together.norm()).item()
print(f"the same gradients: {backward_error < 1e-5}")
#> the same gradients: True
# --8<-- [end:backward]
