# uses: recipes/without_second_derivative/penalty_by_difference.py
# timeout: 60
# %% [markdown]
# # When you can do without the second derivative
#
# The penalty on the mean squared norm of a critic's gradient, trained in seven ways. For each: is
# its gradient with respect to the weights right on average, how far is one draw off, and how long
# does it take beside double backpropagation?

# %%
import time
import matplotlib.pyplot as plt
import torch
from penalty_by_difference import penalty_by_difference

torch.set_num_threads(1)
torch.manual_seed(0)
n, d, width = 64, 8, 32
x, target = torch.randn(n, d), torch.randn(n, 1)
critic = torch.nn.Sequential(
    torch.nn.Linear(d, width), torch.nn.Tanh(), torch.nn.Linear(width, 1)
)
params = list(critic.parameters())

# %% [markdown]
# ## The ways


# %%
# --8<-- [start:ways]
def squared_norm(g):
    return g.pow(2).flatten(1).sum(1).mean()


def exact(critic, x):
    x = x.detach().requires_grad_()
    # --8<-- [mark]
    (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return squared_norm(g)


def difference_of_gradients(critic, x):
    # --8<-- [mark]
    return penalty_by_difference(critic, x, squared_norm)


def differences_of_function(critic, x, h=1e-2):
    there, back = x[:, None] + h * torch.eye(d), x[:, None] - h * torch.eye(d)
    # --8<-- [mark]
    slopes = (critic(there) - critic(back)) / (2 * h)
    return slopes.pow(2).sum(1).mean()


def random_direction(critic, x, h=1e-2):
    v = torch.randn_like(x)
    # --8<-- [mark]
    slope = (critic(x + h * v) - critic(x - h * v)) / (2 * h)
    return slope.pow(2).mean()


def one_sided(critic, x, h=1e-2):
    v = torch.randn_like(x)
    # --8<-- [mark]
    return ((critic(x + h * v) - critic(x)) / h).pow(2).mean()


def closed_form(critic, x):
    first, _, last = critic
    h = torch.tanh(first(x))
    # --8<-- [mark]
    return squared_norm(((1 - h**2) * last.weight) @ first.weight)


def input_noise(critic, x, sigma=0.1):
    z = sigma * torch.randn_like(x)
    # --8<-- [mark]
    noisy = ((critic(x + z) - target).pow(2) + (critic(x - z) - target).pow(2)) / 2
    return (noisy - (critic(x) - target).pow(2)).mean() / sigma**2


# --8<-- [end:ways]


def gradient(method, draws=1):
    """The gradient with respect to the weights, a row for each draw."""
    rows = []
    for _ in range(draws):
        found = torch.autograd.grad(method(critic, x), params, materialize_grads=True)
        rows.append(torch.cat([one.flatten() for one in found]))
    return torch.stack(rows)


def off(found):
    return ((found - truth).norm() / truth.norm()).item()


def milliseconds(method, calls=5):
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        gradient(method)
        times.append(time.perf_counter() - start)
    return 1e3 * sorted(times)[calls // 2]


# %% [markdown]
# ## Bias and spread
#
# The truth is the closed form in float64. A random method draws 400 times: what is off in the mean
# is its bias, up to what 400 draws cannot tell, and what one draw is off is its spread.

# %%
critic.double()
x = x.double()
truth = gradient(closed_form)[0].float()
critic.float()
x = x.float()

# --8<-- [start:errors]
torch.manual_seed(0)
errors = {}
for method in (exact, difference_of_gradients, differences_of_function, closed_form):
    errors[method.__name__] = off(gradient(method)[0])
    print(f"{method.__name__:24} off by less than 1e-4: {errors[method.__name__] < 1e-4}")
#> exact                    off by less than 1e-4: True
#> difference_of_gradients  off by less than 1e-4: True
#> differences_of_function  off by less than 1e-4: True
#> closed_form              off by less than 1e-4: True
for method in (random_direction, one_sided, input_noise):
    rows = gradient(method, draws=400)
    one, mean = sum(off(row) for row in rows) / 400, off(rows.mean(0))
    errors[method.__name__] = [one, mean]
    print(f"{method.__name__:24} one draw {one:.2f}, mean of 400 {mean:.2f}")
#> random_direction         one draw 0.38, mean of 400 0.02
#> one_sided                one draw 0.38, mean of 400 0.02
#> input_noise              one draw 0.74, mean of 400 0.46
# --8<-- [end:errors]
exact_error, difference_error = errors["exact"], errors["difference_of_gradients"]
function_error, closed_error = errors["differences_of_function"], errors["closed_form"]
direction_one, direction_mean = errors["random_direction"]
one_sided_one, one_sided_mean = errors["one_sided"]
noise_one, noise_mean = errors["input_noise"]

# %% [markdown]
# Input noise adds the residual times the Laplacian to the penalty (Bishop 1995). With that term, by
# its closed form, the mean is explained. Where the critic fits its target, a part of it stays.


# %%
def with_laplacian(critic, x):
    first, _, last = critic
    h = torch.tanh(first(x))
    bends = -2 * h * (1 - h**2) * first.weight.pow(2).sum(1)
    return closed_form(critic, x) + ((critic(x) - target) * (bends @ last.weight.T)).mean()


def missing(found, wanted):
    return ((found - wanted).norm() / wanted.norm()).item()


explained = missing(rows.mean(0), gradient(with_laplacian)[0])
target = critic(x).detach()
fitted_mean = off(gradient(input_noise, draws=400).mean(0))
print(f"with the Laplacian {explained:.2f}, where the critic fits {fitted_mean:.2f}")
#> with the Laplacian 0.03, where the critic fits 0.20

# %% [markdown]
# ## The step
#
# The error of the difference against its step. With tanh there is a wide valley; with ReLU, a
# sample whose segment crosses a kink counts a jump that double backpropagation does not see.

# %%
steps = [10.0**-k for k in range(7)]


def by_step(step):
    return lambda critic, x: penalty_by_difference(critic, x, squared_norm, step)


curves = {"tanh": [off(gradient(by_step(step))[0]) for step in steps]}
critic[1] = torch.nn.ReLU()
truth = gradient(exact)[0]
curves["ReLU"] = [off(gradient(by_step(step))[0]) for step in steps]
tanh_best, tanh_first = min(curves["tanh"]), curves["tanh"][0]
relu_default = off(gradient(difference_of_gradients)[0])
print(f"tanh: best below 1e-4: {tanh_best < 1e-4}, at the largest step {tanh_first:.1f}")
#> tanh: best below 1e-4: True, at the largest step 0.4
print(f"ReLU, default step: {relu_default:.2f}")
#> ReLU, default step: 0.39

step_figure, axes = plt.subplots()
for name, curve in curves.items():
    axes.loglog(steps, curve, label=name)
axes.set_xlabel("step, relative to the input")
axes.set_ylabel("relative error of the gradient")
axes.legend()

# %% [markdown]
# ## The time
#
# A critic of three hidden layers with 256 units, 256 samples with 32 entries each; one thread.

# %%
n, d = 256, 32
x, target = torch.randn(n, d), torch.randn(n, 1)
layers = []
for fan_in in (d, 256, 256):
    layers += [torch.nn.Linear(fan_in, 256), torch.nn.Tanh()]
critic = torch.nn.Sequential(*layers, torch.nn.Linear(256, 1))
params = list(critic.parameters())
ms = {
    method.__name__: milliseconds(method)
    for method in (
        exact, difference_of_gradients, differences_of_function, random_direction, input_noise
    )
}
exact_ms = ms["exact"]
difference_cost = ms["difference_of_gradients"] / exact_ms
function_cost = ms["differences_of_function"] / exact_ms
direction_cost = ms["random_direction"] / exact_ms
noise_cost = ms["input_noise"] / exact_ms
