# timeout: 120
# uses: recipes/fast_laplacians/forward_laplacian.py
# %% [markdown]
# # Fast Laplacians
#
# Five ways to the Laplacian of a network, which agree, and what each costs. Then two electrons in
# a trap, whose ground state is known exactly, by variational Monte Carlo.

# %%
import warnings
import weakref
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from forward_laplacian import Field, estimate, second_along
from torch.func import hessian, vmap
from torch.nn.functional import linear
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)

# %% [markdown]
# ## Five ways
#
# `u` maps points (n, d) to values (n, 1), each point by itself.


# %%
# --8<-- [start:ways]
def rows(u, x):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(u(x).sum(), x, create_graph=True)
    laplacian = 0
    for i in range(x.shape[1]):
        (row,) = torch.autograd.grad(g[:, i].sum(), x, create_graph=True)
        laplacian = laplacian + row[:, i]
    return laplacian


def whole_hessian(u, x):
    H = vmap(hessian(lambda x: u(x)[0]))(x)
    return H.diagonal(dim1=1, dim2=2).sum(1)


def along_axes(u, x):
    axes = torch.eye(x.shape[1], dtype=x.dtype)
    return vmap(lambda e: second_along(u, x, e.expand_as(x)))(axes).sum(0)[:, 0]


def forward(u, x):
    return u(Field.coordinates(x)).laplacian[:, 0]


def one_estimate(u, x):
    return estimate(u, x)[:, 0]


# --8<-- [end:ways]
WAYS = {
    "two backward passes": rows,
    "trace of vmap(hessian)": whole_hessian,
    "jvp of jvp, each axis": along_axes,
    "forward Laplacian": forward,
    "one random direction": one_estimate,
}


# %%
def network(coordinates, dtype, width=32, layers=4):
    torch.manual_seed(0)
    sizes = [coordinates] + [width] * (layers - 1) + [1]
    made = [torch.nn.Linear(*pair).to(dtype) for pair in pairwise(sizes)]
    weights = [weight for layer in made for weight in layer.parameters()]

    def u(x):
        for weight, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
            x = torch.tanh(linear(x, weight, bias))
        return linear(x, *weights[-2:])

    return u, weights


def trained(way, u, x, weights):
    """The gradient of a loss on the Laplacian; the last bias has none."""
    return torch.autograd.grad(way(u, x).square().mean(), weights[:-1])


# %% [markdown]
# ## They agree
#
# The Laplacian, and the gradient of a loss on it with respect to the weights.

# %%
# --8<-- [start:agree]
u, weights = network(coordinates=5, dtype=torch.float64)
x = torch.randn(16, 5, dtype=torch.float64)
off_value, off_gradient = [], []
for way in (whole_hessian, along_axes, forward):
    off_value.append((way(u, x) - rows(u, x)).abs().max().item())
    both = trained(way, u, x, weights), trained(rows, u, x, weights)
    pairs = zip(*both, strict=True)
    off_gradient.append(max((a - b).abs().max().item() for a, b in pairs))
print(f"all values to 1e-12: {max(off_value) < 1e-12}")
#> all values to 1e-12: True
print(f"all gradients to 1e-12: {max(off_gradient) < 1e-12}")
#> all gradients to 1e-12: True
# --8<-- [end:agree]

# %% [markdown]
# ## What they cost
#
# Matrix products, in units of one forward pass of the network: to evaluate the Laplacian, and to
# train a loss on it. They are counted, so that they are the same on each machine. So are the bytes
# of all tensors that are alive at a time.


# %%
def products(run):
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


class Memory(TorchDispatchMode):
    """Counts the bytes of all tensors that are made, until they are gone."""

    def __init__(self, given):
        super().__init__()
        self.known = {tensor.untyped_storage()._cdata for tensor in given}
        self.alive, self.now, self.peak = {}, 0, 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if isinstance(tensor, torch.Tensor) and not tensor._is_zerotensor():
                self.see(tensor.untyped_storage())
        return result

    def see(self, storage):
        name, size = storage._cdata, storage.nbytes()
        if name not in self.alive and name not in self.known:
            self.alive[name] = weakref.ref(storage, lambda _: self.forget(name, size))
            self.now += size
            self.peak = max(self.peak, self.now)

    def forget(self, name, size):
        del self.alive[name]
        self.now -= size


def peak(run, given):
    with Memory(given) as memory:
        run()
    return memory.peak


# --8<-- [start:products]
SIZES = 3, 10, 30


def costs(way, coordinates):
    """Products to evaluate and to train, and the peak in units of an activation."""
    u, weights = network(coordinates, torch.float32)
    x = torch.randn(256, coordinates)
    train = lambda: trained(way, u, x, weights)
    counted = [products(run) for run in (lambda: way(u, x), train)]
    forward_pass, activation = products(lambda: u(x)), 256 * 32 * x.itemsize
    memory = peak(train, [x, *weights]) / activation
    return *(count / forward_pass for count in counted), memory


counted = {}
for name, way in WAYS.items():
    counted[name] = zip(*[costs(way, d) for d in SIZES], strict=True)
# --8<-- [end:products]
rows_evaluate, rows_train, rows_peak = map(list, counted["two backward passes"])
hessian_evaluate, hessian_train, hessian_peak = map(list, counted["trace of vmap(hessian)"])
axes_evaluate, axes_train, axes_peak = map(list, counted["jvp of jvp, each axis"])
forward_evaluate, forward_train, forward_peak = map(list, counted["forward Laplacian"])
random_evaluate, random_train, random_peak = map(list, counted["one random direction"])

# %% [markdown]
# ## Two electrons in a trap
#
# Hooke's atom: two electrons repel each other in a harmonic trap of frequency 1/2. Its ground state
# is known, $\psi = (1 + r/2) \, e^{-(r_1^2 + r_2^2)/4}$ with $r$ the distance of the electrons, and
# has the energy 2 hartree (Taut 1993). Each wave function here takes points and fields alike.


# %%
# --8<-- [start:wave]
one, zero = torch.eye(3), torch.zeros(3, 3)
apart = torch.cat([one, -one], dim=1)
swap = torch.cat([torch.cat([zero, one], 1), torch.cat([one, zero], 1)])


def distance(x):
    between = linear(x, apart)
    return torch.sqrt(linear(between * between, torch.ones(1, 3)))


def trap(x):
    return linear(x * x, torch.full((1, 6), -0.25))


class Wave(torch.nn.Module):
    """The logarithm of a wave function of two electrons, at (n, 6)."""

    def __init__(self, width=16):
        super().__init__()
        self.net = torch.nn.Sequential(
            torch.nn.Linear(6, width),
            torch.nn.Tanh(),
            torch.nn.Linear(width, width),
            torch.nn.Tanh(),
            torch.nn.Linear(width, 1),
        )

    def forward(self, x):
        cusp = torch.exp(distance(x) * -1.0) * -0.5
        return trap(x) + cusp + self.net(x) + self.net(linear(x, swap))


def local_energy(wave, x):
    f = wave(Field.coordinates(x))
    kinetic = -(f.laplacian + f.jacobian.square().sum(0)) / 2
    potential = x.square().sum(1, keepdim=True) / 8 + 1 / distance(x)
    return (kinetic + potential)[:, 0]


# --8<-- [end:wave]
# --8<-- [start:exact]
def exact(x):
    return trap(x) + torch.log(distance(x) * 0.5 + 1.0)


energies = local_energy(exact, torch.randn(1000, 6))
off_exact = (energies - 2).abs().max().item()
print(f"the exact state has the energy 2 at 1000 points: {off_exact < 1e-3}")
#> the exact state has the energy 2 at 1000 points: True
# --8<-- [end:exact]


# %%
def metropolis(wave, x, steps, length=0.6):
    before = 2 * wave(x)
    for _ in range(steps):
        moved = x + length * torch.randn_like(x)
        after = 2 * wave(moved)
        accept = torch.rand_like(after).log() < after - before
        x, before = torch.where(accept, moved, x), torch.where(accept, after, before)
    return x


# --8<-- [start:vmc]
def train_wave(seed, steps=200):
    torch.manual_seed(seed)
    wave, x, history = Wave(), 1.4 * torch.randn(512, 6), []
    optimizer = torch.optim.Adam(wave.parameters(), lr=5e-3)
    for step in range(steps):
        with torch.no_grad():
            x = metropolis(wave, x, steps=10 if step else 50)
            energy = local_energy(wave, x)
        loss = 2 * ((energy - energy.mean()) * wave(x)[:, 0]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append((energy.mean().item(), energy.std().item()))
    with torch.no_grad():
        last = [local_energy(wave, x := metropolis(wave, x, 10)) for _ in range(40)]
    return torch.cat(last).mean().item(), history


found, histories = zip(*[train_wave(seed) for seed in range(3)], strict=True)
off_energy = max(abs(energy - 2) for energy in found)
print(f"energy 2, to 0.002, from each of three seeds: {off_energy < 2e-3}")
#> energy 2, to 0.002, from each of three seeds: True
spread_first = [history[0][1] for history in histories]
spread_last = [history[-1][1] for history in histories]
shrinks = max(spread_last) < min(spread_first) / 3
print(f"its spread shrinks, at least threefold: {shrinks}")
#> its spread shrinks, at least threefold: True
# --8<-- [end:vmc]
widest_first, widest_last = max(spread_first), max(spread_last)

# %%
energy_figure, axes = plt.subplots(figsize=(6.4, 3), layout="constrained")
for seed, history in enumerate(histories):
    axes.semilogy([spread for _, spread in history], f"C{seed}", label=f"seed {seed}")
axes.set_xlabel("step")
axes.set_ylabel("spread of the local energy")
axes.legend()
