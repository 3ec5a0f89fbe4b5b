# timeout: 120
# %% [markdown]
# # Influence functions
#
# What would the test loss be, had a training sample not been there? The prediction takes one linear
# system with the Hessian for all samples, and is compared with refits, one for each.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, cg
from scipy.stats import pearsonr, spearmanr
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale

torch.set_default_dtype(torch.float64)  # for the checks; what is to be copied follows its inputs
torch.manual_seed(0)

# %% [markdown]
# ## Logistic regression
#
# Breast cancer data, 300 rows to train on and 269 to test. Each training sample has a weight `s`,
# which is one. The constant input is a column like the others, and is penalized with them.

# %%
inputs, labels = load_breast_cancer(return_X_y=True)
inputs = np.column_stack([scale(inputs), np.ones(len(inputs))])
inputs, labels = torch.from_numpy(inputs), torch.from_numpy(2.0 * labels - 1)


def split(seed):
    order = torch.randperm(569, generator=torch.Generator().manual_seed(seed))
    return order[:300], order[300:]


# --8<-- [start:losses]
def losses(w, rows):
    return torch.nn.functional.softplus(-labels[rows] * (inputs[rows] @ w))


def training_loss(w, s):
    return (s * losses(w, train)).mean() + 0.01 * w.pow(2).sum() / 2


def test_loss(w):
    return losses(w, test).mean()


# --8<-- [end:losses]

# %% [markdown]
# ## The prediction


# %%
# --8<-- [start:influence]
def influences(w: torch.Tensor) -> torch.Tensor:
    """Return dV/ds, (training samples,), where w, (weights,), minimizes the training loss.

    The system with the Hessian is solved by SciPy, on the CPU. Raises RuntimeError if that fails.
    Koh and Liang 2017, equation 2, with the sign of a derivative.
    """
    w = w.detach().requires_grad_()
    s = torch.ones(len(train), dtype=w.dtype, device=w.device, requires_grad=True)
    (g,) = torch.autograd.grad(training_loss(w, s), w, create_graph=True)
    (dV_dw,) = torch.autograd.grad(test_loss(w), w)

    def product(v):
        v = torch.as_tensor(v, dtype=w.dtype, device=w.device)
        return torch.autograd.grad(g, w, v, retain_graph=True)[0].cpu().numpy()

    right = dV_dw.cpu().numpy()
    H = LinearOperator((len(w), len(w)), matvec=product, dtype=right.dtype)
    u, status = cg(H, right, rtol=50 * np.finfo(right.dtype).eps)
    if status:
        raise RuntimeError(f"CG did not converge in {status} steps: damp the Hessian, or scale w")
    u = torch.as_tensor(u, dtype=w.dtype, device=w.device)
    return -torch.autograd.grad(g, s, u)[0]


# --8<-- [end:influence]

# %% [markdown]
# ## The refits
#
# Newton's method in NumPy, with the gradient and the Hessian of logistic regression by hand, down
# to rounding.


# %%
# --8<-- [start:refit]
def derivatives(w, s):
    X, y = inputs[train].numpy(), labels[train].numpy()
    p = 1 / (1 + np.exp(y * (X @ w)))  # the probability of the other label
    each = -(y * p)[:, None] * X  # the gradient of each loss, a row
    curvature = p * (1 - p)
    H = (X.T * (s * curvature)) @ X / len(y) + 0.01 * np.eye(len(w))
    return each, s @ each / len(y) + 0.01 * w, H, curvature


def fit(s, w, steps=5):
    for _ in range(steps):
        _, g, H, _ = derivatives(w, s)
        w = w - np.linalg.solve(H, g)
    return w


def refit_without_each(w):
    ones = np.ones(len(train))
    return np.array([fit(ones - leave, w) for leave in np.eye(len(train))])


# --8<-- [end:refit]


def test_losses(ws):
    margins = labels[test].numpy() * (ws @ inputs[test].numpy().T)
    return np.logaddexp(0, -margins).mean(axis=-1)


# %% [markdown]
# First the derivative: a sample's weight a little up, a little down, and the difference of the two
# refits. Then the same system solved by hand.

# %%
# --8<-- [start:derivative]
train, test = split(0)
ones = np.ones(len(train))
w = fit(ones, np.zeros(31), steps=20)
slopes = influences(torch.from_numpy(w)).numpy()
strongest = np.argsort(-np.abs(slopes))[:10]
shifts = 1e-4 * np.eye(len(train))[strongest]
pairs = [(fit(ones + shift, w), fit(ones - shift, w)) for shift in shifts]
differences = np.array([test_losses(above) - test_losses(below) for above, below in pairs]) / 2e-4
difference_error = np.abs(slopes[strongest] / differences - 1).max()
print(f"equal to differences of refits: {difference_error < 1e-7}")
#> equal to differences of refits: True
# --8<-- [end:derivative]
left = np.abs(derivatives(w, ones)[1]).max()
assert left < 1e-15  # the gradient at the fit


def by_hand(w, matrix):
    """Minus dV/dw times the inverse of the matrix times each gradient: a slope for each weight."""
    X, y = inputs[test].numpy(), labels[test].numpy()
    dV_dw = -(y / (1 + np.exp(y * (X @ w)))) @ X / len(y)
    return -derivatives(w, ones)[0] @ np.linalg.solve(matrix, dV_dw) / len(train)


def off(found, truth):
    return np.linalg.norm(found - truth) / np.linalg.norm(truth)


exact = by_hand(w, derivatives(w, ones)[2])
influence_error = off(slopes, exact)
print(f"equal to the closed form: {influence_error < 1e-11}")
#> equal to the closed form: True

strongest_rows = strongest.tolist()
strongest_slopes, strongest_differences = slopes[strongest].tolist(), differences.tolist()

# %% [markdown]
# ## Wrong matrices, and a fit that was stopped
#
# Gradients times themselves (the empirical Fisher matrix) need no second derivative, so they are a
# popular substitute. They are not the Hessian.


# %%
# --8<-- [start:wrong]
def descend(steps):
    w = np.zeros(31)
    for _ in range(steps):
        w = w - 0.3 * derivatives(w, ones)[1]
    return w


def wrong_slopes(w):
    each, _, H, _ = derivatives(w, ones)
    return {
        "empirical Fisher": by_hand(w, each.T @ each / len(each) + 0.01 * np.eye(31)),
        "penalty left out": by_hand(w, H - 0.01 * np.eye(31)),
        "no matrix": by_hand(w, np.eye(31)),
        "after 10 steps": influences(torch.from_numpy(descend(10))).numpy(),
        "after 100 steps": influences(torch.from_numpy(descend(100))).numpy(),
    }


# --8<-- [end:wrong]
strongest_fisher = wrong_slopes(w)["empirical Fisher"][strongest].tolist()
fisher_error = off(strongest_fisher, differences)
least_wrong = min(off(found, exact) for found in wrong_slopes(w).values())


# %% [markdown]
# ## Every refit
#
# To leave a sample out is no small change. One step of Newton's method from the fit, on the loss
# without the sample, has a closed form: the sample's leverage, between 0 and 1, divides.


# %%
# --8<-- [start:leverage]
def one_newton_step_without_each(w):
    each, _, H, curvature = derivatives(w, ones)
    X = inputs[train].numpy()
    moves = np.linalg.solve(H, X.T).T / len(X)
    leverage = curvature * (X * moves).sum(axis=1)
    residual = (each * X).sum(axis=1) / (X * X).sum(axis=1)
    return w + moves * (residual / (1 - leverage))[:, None]


# --8<-- [end:leverage]


# --8<-- [start:compare]
results = []
for seed in range(5):
    train, test = split(seed)
    w = fit(ones, np.zeros(31), steps=20)
    before = test_losses(w)
    slopes = {"influence": influences(torch.from_numpy(w)).numpy()} | wrong_slopes(w)
    predicted = {name: -slope for name, slope in slopes.items()}  # a weight falls by one
    predicted["one Newton step"] = test_losses(one_newton_step_without_each(w)) - before
    results.append((predicted, test_losses(refit_without_each(w)) - before))
# --8<-- [end:compare]


def score(predicted, actual):
    ratio = predicted @ actual / (predicted @ predicted)  # the slope through the origin
    return pearsonr(predicted, actual)[0], spearmanr(predicted, actual)[0], ratio


scores = {
    name: np.array([score(predicted[name], actual) for predicted, actual in results])
    for name in results[0][0]
}
for name, values in scores.items():
    low, high = values.min(axis=0), values.max(axis=0)
    print(f"{name:16}", *(f"{a:5.2f} to {b:5.2f}" for a, b in zip(low, high, strict=True)))
#> influence         0.93 to  0.96  1.00 to  1.00  0.99 to  1.49
#> empirical Fisher  0.84 to  0.92  0.75 to  0.93  0.50 to  0.90
#> penalty left out  0.25 to  0.64  0.42 to  0.59  0.11 to  0.37
#> no matrix         0.73 to  0.88  0.56 to  0.83 10.81 to 22.84
#> after 10 steps    0.41 to  0.72  0.66 to  0.85  0.24 to  0.67
#> after 100 steps   0.90 to  0.96  0.91 to  0.97  0.92 to  1.27
#> one Newton step   1.00 to  1.00  1.00 to  1.00  0.97 to  1.01

# %%
strongest_actual = results[0][1][strongest].tolist()


def spans(column):
    return [[min(values[:, column]), max(values[:, column])] for values in scores.values()]


(
    pearson_influence,
    pearson_fisher,
    pearson_unpenalized,
    pearson_bare,
    pearson_early,
    pearson_stopped,
    pearson_newton,
) = spans(0)
(
    spearman_influence,
    spearman_fisher,
    spearman_unpenalized,
    spearman_bare,
    spearman_early,
    spearman_stopped,
    spearman_newton,
) = spans(1)
(
    ratio_influence,
    ratio_fisher,
    ratio_unpenalized,
    ratio_bare,
    ratio_early,
    ratio_stopped,
    ratio_newton,
) = spans(2)
pearson_low, pearson_high = pearson_influence
ratio_low, ratio_high = ratio_influence
spearman_low, newton_low = spearman_influence[0], pearson_newton[0]

# %%
refit_figure, panels = plt.subplots(1, 3, figsize=(6.4, 2.8), sharey=True, layout="constrained")
predicted, actual = results[1]
shown = {"empirical Fisher": "C1", "influence": "C0", "one Newton step": "C2"}
reach = 1.1e3 * max(np.abs(predicted[name]).max() for name in shown)
for axes, (name, color) in zip(panels, shown.items(), strict=True):
    axes.plot([-reach, reach], [-reach, reach], "C4:")
    axes.plot(1e3 * predicted[name], 1e3 * actual, color + ".")
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-1.5, 2.5)
    axes.set_title(name)
panels[1].set_xlabel("predicted change of the test loss, in thousandths")
panels[0].set_ylabel("change after a refit")
