# timeout: 120
# %% [markdown]
# # Contractive autoencoder in depth
#
# Five ways to the same penalty, a deep encoder on handwritten digits, what contraction buys and
# costs, and what three wrong penalties do instead.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch.func import jacrev, vmap

torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data / 16), digits.target


# %% [markdown]
# ## Five ways to one penalty
#
# One layer of sigmoid units has a closed form, with a gradient derived by hand. All other ways are
# for any encoder that treats each example by itself.


# %%
def closed_form(W, b, x):
    h = torch.sigmoid(x @ W.T + b)
    s, norm2 = h * (1 - h), W.pow(2).sum(dim=1)
    P = (s.pow(2) @ norm2).sum()
    dP_dW = 2 * ((s**2 * (1 - 2 * h)).T @ x * norm2[:, None] + s.pow(2).sum(0)[:, None] * W)
    return P, dP_dW


# --8<-- [start:ways]
def by_loop(encode, x):
    x = x.detach().requires_grad_()
    rows = (torch.autograd.grad(h_i.sum(), x, create_graph=True)[0] for h_i in encode(x).T)
    return sum(row.pow(2).sum() for row in rows)


def batched(encode, x):
    x = x.detach().requires_grad_()
    h = encode(x)
    units = torch.eye(h.shape[1])[:, None, :].expand(-1, *h.shape)
    (J,) = torch.autograd.grad(h, x, units, create_graph=True, is_grads_batched=True)
    return J.pow(2).sum()


def by_jacrev(encode, x):
    return vmap(jacrev(encode))(x).pow(2).sum()


def projected(encode, x, v):
    x = x.detach().requires_grad_()
    (vJ,) = torch.autograd.grad(encode(x), x, v, create_graph=True)
    return vJ.pow(2).sum()


# --8<-- [end:ways]

# %% [markdown]
# The projection is a random number with the penalty as its mean, if the entries of $v$ are
# independent signs. Over the rows of a Hadamard matrix its mean is the penalty *exactly*.

# %%
x = images[:16]
rng = np.random.default_rng(0)
W = torch.tensor(rng.normal(size=(8, 64)) / 4, requires_grad=True)
b = torch.tensor(rng.normal(size=8))


def one_layer(x):
    return torch.sigmoid(x @ W.T + b)


two = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
hadamard = torch.kron(torch.kron(two, two), two)
generator = torch.Generator().manual_seed(0)
signs = torch.randint(2, (2000, 16, 8), generator=generator) * 2.0 - 1

# --8<-- [start:agree]
found = [
    by_loop(one_layer, x),
    batched(one_layer, x),
    by_jacrev(one_layer, x),
    sum(projected(one_layer, x, row.expand(16, 8)) for row in hadamard) / 8,
]
P_closed, dP_dW_closed = (value.detach() for value in closed_form(W, b, x))
penalty, penalties = P_closed.item(), [P.item() for P in found]
gradients = [torch.autograd.grad(P, W)[0] for P in found]
errors = [((g - dP_dW_closed).norm() / dP_dW_closed.norm()).item() for g in gradients]
assert max(errors) < 1e-13 and np.allclose(penalties, penalty, rtol=1e-13, atol=0)
print(f"penalty {penalty:.6f}, five times")
#> penalty 19.396418, five times
samples = np.array([projected(one_layer, x, v).item() for v in signs])
estimate, standard_error = samples.mean(), samples.std(ddof=1) / 2000**0.5
print(f"2000 random projections: {estimate:.2f} with standard error {standard_error:.2f}")
#> 2000 random projections: 19.39 with standard error 0.02
# --8<-- [end:agree]
largest_error, off_by = max(errors), abs(estimate - penalty) / standard_error
assert off_by < 4
sum_ratio = projected(one_layer, x, torch.ones(16, 8)).item() / penalty


# %% [markdown]
# ## A deep encoder
#
# Two layers, 64 → 48 → 24, and a decoder with the same weights. NumPy draws the weights, so that
# the tests can build the same network without PyTorch.


# %%
# --8<-- [start:deep]
def start(seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=(64, 48)) / 8, rng.normal(size=(48, 24)) / 48**0.5]
    arrays += [np.zeros(size) for size in (48, 24, 48, 64)]
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def encode(p, x):
    W1, W2, b1, b2, _, _ = p
    return torch.sigmoid(torch.tanh(x @ W1 + b1) @ W2 + b2)


def decode(p, h):
    W1, W2, _, _, c2, c1 = p
    return torch.sigmoid(torch.tanh(h @ W2.T + c2) @ W1.T + c1)


# --8<-- [end:deep]


def reconstruction(p, h, x):
    return (decode(p, h) - x).pow(2).sum() / len(x)


x = images[:16]


def loss(p, penalize=batched):
    return reconstruction(p, encode(p, x), x) + penalize(lambda x: encode(p, x), x) / 16


# --8<-- [start:difference]
p, step = start(0), 1e-5
J_right, J_cut = loss(p), loss(p, lambda encode, x: batched(encode, x).detach())
value_right, value_cut = J_right.item(), J_cut.item()
gradient_right, gradient_cut = (torch.autograd.grad(J, p[3])[0] for J in (J_right, J_cut))
steps = step * torch.eye(24)
differences = torch.stack(
    [
        (loss([*p[:3], p[3] + e, *p[4:]]) - loss([*p[:3], p[3] - e, *p[4:]])).detach() / (2 * step)
        for e in steps
    ]
)
difference_error, cut_error = (
    ((g - differences).norm() / differences.norm()).item() for g in (gradient_right, gradient_cut)
)
assert difference_error < 1e-8 < cut_error
print(f"cut, the gradient is off by {cut_error:.0%}")
#> cut, the gradient is off by 42%
# --8<-- [end:difference]

# %% [markdown]
# ## Training
#
# 1000 digits to train on, 797 to test, one split; five seeds for the weights and for the order of
# the examples. One random projection for each step.

# %%
order = np.random.default_rng(0).permutation(len(images))
train_x, test_x = images[order[:1000]], images[order[1000:]]
train_y, test_y = labels[order[:1000]], labels[order[1000:]]


# --8<-- [start:train]
def contraction(h, x, v):
    (vJ,) = torch.autograd.grad(h, x, v, create_graph=True)
    return vJ.pow(2).sum()


def train(seed, coefficient, penalize=contraction):
    p, generator = start(seed), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(p, lr=0.01)
    for _ in range(25):
        for batch in torch.randperm(1000, generator=generator).split(100):
            optimizer.zero_grad()
            x = train_x[batch].requires_grad_()
            h = encode(p, x)
            v = torch.randint(2, h.shape, generator=generator) * 2.0 - 1
            J = reconstruction(p, h, x)
            if coefficient:
                J = J + coefficient * penalize(h, x, v) / len(x)
            J.backward(inputs=p)
            optimizer.step()
    return p


# --8<-- [end:train]

# %% [markdown]
# What is measured, on the test digits: the exact squared norm of the Jacobian and its singular
# values, the reconstruction error, and how well a linear classifier that was trained on the codes
# of clean digits reads the codes of noisy ones.

# %%
levels = [0.0, 0.1, 0.2, 0.3, 0.4]
noise = torch.randn(test_x.shape, generator=torch.Generator().manual_seed(1))


def measure(p):
    J = vmap(jacrev(lambda x: encode(p, x)))(test_x).detach()
    with torch.no_grad():
        h, codes = encode(p, test_x), encode(p, train_x)
        error = reconstruction(p, h, test_x).item()
        noisy = [encode(p, test_x + level * noise) for level in levels]
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(codes, train_y)
    scores = [100 * probe.score(code, test_y) for code in noisy]
    saturated = ((h < 0.05) | (h > 0.95)).double().mean().item()
    singular = torch.linalg.svdvals(J).mean(dim=0).tolist()
    return [J.pow(2).sum().item() / len(J), error, saturated, *scores], singular


# --8<-- [start:wrong]
def cut(h, x, v):
    return torch.autograd.grad(h, x, v, retain_graph=True)[0].pow(2).sum()


def sum_of_units(h, x, v):
    return contraction(h, x, torch.ones_like(h))


def backward_of_ones(h, x, v):
    h.backward(torch.ones_like(h), retain_graph=True)
    return x.grad.pow(2).sum()


recipes = {
    "right": contraction,
    "cut": cut,
    "h.sum()": sum_of_units,
    "h.backward(ones)": backward_of_ones,
}
# --8<-- [end:wrong]
# --8<-- [start:runs]
small, middle = 0.1, 0.3
runs = [(0, "right"), (small, "right"), (middle, "right"), (1, "right")]
runs += [(middle, "cut"), (middle, "h.sum()"), (middle, "h.backward(ones)")]
trained = [[train(seed, c, recipes[recipe]) for seed in range(5)] for c, recipe in runs]
measured = [[measure(p) for p in nets] for nets in trained]
table = np.array([[numbers for numbers, _ in nets] for nets in measured])
for (coefficient, recipe), (norm2, error, _, clean, *_, noisy) in zip(
    runs, table.mean(axis=1), strict=True
):
    print(f"{coefficient:3} {recipe:16} {norm2:5.2f} {error:5.2f} {clean:4.0f}% {noisy:4.0f}%")
#>   0 right            13.37  1.05   95%   72%
#> 0.1 right             2.39  1.47   94%   77%
#> 0.3 right             0.79  2.04   91%   74%
#>   1 right             0.20  2.93   81%   63%
#> 0.3 cut              13.37  1.05   95%   72%
#> 0.3 h.sum()           5.30  1.30   94%   74%
#> 0.3 h.backward(ones)  0.00  4.73   70%   28%
# --8<-- [end:runs]

# %%
# --8<-- [start:compare]
inert = all(
    torch.equal(one, other)
    for plain, other_net in zip(trained[0], trained[4], strict=True)
    for one, other in zip(plain, other_net, strict=True)
)
assert inert
print(f"cut equals plain, bit for bit, five seeds: {inert}")
#> cut equals plain, bit for bit, five seeds: True
differences = table[1:4] - table[0]
means, spreads = differences.mean(axis=1), differences.std(axis=1, ddof=1)
clean_change, clean_spread = means[:, 3], spreads[:, 3]
noisy_change, noisy_spread = means[:, 7], spreads[:, 7]
for k, (coefficient, _) in enumerate(runs[1:4]):
    print(
        f"{coefficient:3}: clean {clean_change[k]:+.1f} ± {clean_spread[k]:.1f}, "
        f"noisy {noisy_change[k]:+.1f} ± {noisy_spread[k]:.1f} points"
    )
#> 0.1: clean -0.6 ± 1.3, noisy +4.5 ± 2.3 points
#> 0.3: clean -3.8 ± 1.7, noisy +1.6 ± 2.7 points
#>   1: clean -13.5 ± 1.0, noisy -9.8 ± 4.7 points
# --8<-- [end:compare]

norm2_plain, norm2_small, norm2_middle, _, norm2_cut, norm2_sum, norm2_ones = map(
    float, table.mean(axis=1)[:, 0]
)
norm2_small_spread = float(table[1, :, 0].std(ddof=1))
saturated_plain, saturated_ones = map(float, table.mean(axis=1)[[0, 6], 2])
clean_plain, clean_ones = map(float, table.mean(axis=1)[[0, 6], 3])
noisy_gain, noisy_gain_spread = float(noisy_change[0]), float(noisy_spread[0])

# %%
singular_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
singular = np.array([[values for _, values in nets] for nets in measured]).mean(axis=1)
first_plain, last_plain = map(float, singular[0, [0, -1]])
first_small, last_small = map(float, singular[1, [0, -1]])
first_ratio, last_ratio = first_plain / first_small, last_plain / last_small
shown = {"no penalty": (0, "C0-"), "cut": (4, "C1:"), "h.sum()": (5, "C3--")}
shown |= {"penalty, 0.1": (1, "C2-"), "penalty, 0.3": (2, "C2-.")}
for name, (k, style) in shown.items():
    axes.semilogy(np.arange(1, 25), singular[k], style, label=name)
axes.set_xlabel("index of the singular value")
axes.set_ylabel("mean over the test digits")
axes.legend(ncols=2)

# %%
noise_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
for k, style in (0, "C0o-"), (1, "C2s-"), (2, "C3^-"), (3, "C4v-"):
    scores = table[k, :, 3:]
    name = f"coefficient {runs[k][0]}" if k else "no penalty, and cut"
    axes.errorbar(levels, scores.mean(0), scores.std(0, ddof=1), fmt=style, capsize=3, label=name)
axes.set_xlabel("standard deviation of the noise, in units of the brightest pixel")
axes.set_ylabel("correct, in percent")
axes.legend()
