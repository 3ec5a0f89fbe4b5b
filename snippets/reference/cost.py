# timeout: 120
# %% [markdown]
# # What the second derivative costs
#
# The operations that the page "What the second derivative costs" compares, in a few lines each:
# how many matrix products each takes, and how much memory at its peak. Both are counted, so they
# are the same on every machine. The times on the page are measured on these very functions.

# %%
import warnings
import weakref
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual
from torch.func import grad, hessian, jvp, vmap
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)


# %% [markdown]
# ## A network, and its first derivative
#
# `W` holds the weights of the layers, all of the same width and without biases, `x` a batch, and
# `V` a direction for each weight.


# %%
# --8<-- [start:first]
def network(x, *W):
    for w in W:
        x = torch.tanh(x @ w.T)
    return x


def loss(W, x):
    return network(x, *W).square().sum() / 2


def forward(loss, W, x, V):
    return loss(W, x)


def forward_without_graph(loss, W, x, V):
    with torch.no_grad():
        return loss(W, x)


def gradient(loss, W, x, V):
    return torch.autograd.grad(loss(W, x), W)


def gradient_with_graph(loss, W, x, V):
    return torch.autograd.grad(loss(W, x), W, create_graph=True)


# --8<-- [end:first]

# %% [markdown]
# ## Second derivatives


# %%
# --8<-- [start:second]
def gradient_penalty(loss, W, x, V):
    x = x.detach().requires_grad_()
    L = loss(W, x)
    dL_dx = torch.autograd.grad(L, x, create_graph=True)[0]
    return torch.autograd.grad(L + dL_dx.square().sum(), W)


def double_backward(loss, W, x, V):
    dL_dW = torch.autograd.grad(loss(W, x), W, create_graph=True)
    return torch.autograd.grad(dL_dW, W, grad_outputs=V)


def forward_over_reverse(loss, W, x, V):
    weights = tuple(w.detach() for w in W)
    return jvp(lambda *W: grad(loss)(W, x), weights, tuple(V))[1]


def dual_numbers(loss, W, x, V):
    with dual_level():
        duals = [make_dual(w, v) for w, v in zip(W, V)]
        return [unpack_dual(g).tangent for g in torch.autograd.grad(loss(duals, x), duals)]


# --8<-- [end:second]

# %% [markdown]
# ## The whole Hessian, with respect to the input, of each sample


# %%
# --8<-- [start:hessians]
def hessian_by_rows(loss, W, x, V):
    x = x.detach().requires_grad_()
    dL_dx = torch.autograd.grad(loss(W, x), x, create_graph=True)[0]
    sums = dL_dx.sum(0)
    rows = [torch.autograd.grad(one, x, retain_graph=True)[0] for one in sums]
    return torch.stack(rows, dim=1)


def hessian_at_once(loss, W, x, V):
    weights = [w.detach() for w in W]
    return vmap(hessian(lambda sample: loss(weights, sample)))(x)


# --8<-- [end:hessians]

# %% [markdown]
# ## The contractive penalty of one layer
#
# The squares of all entries of the Jacobian of `h` with respect to `x`, summed over the batch.


# %%
# --8<-- [start:contractive]
def closed_form(w, x):
    h = network(x, w)
    return ((1 - h.square()).square() * w.square().sum(1)).sum()


def exact(w, x):
    x = x.detach().requires_grad_()
    h = network(x, w)
    units = torch.eye(len(w), dtype=h.dtype).unsqueeze(1).expand(-1, *h.shape)
    J = torch.autograd.grad(h, x, units, is_grads_batched=True, create_graph=True)[0]
    return J.square().sum()


def projected(w, x, v=None):
    x = x.detach().requires_grad_()
    h = network(x, w)
    v = torch.randn_like(h).sign() if v is None else v.expand_as(h)
    return torch.autograd.grad(h, x, v, create_graph=True)[0].square().sum()


# --8<-- [end:contractive]


def encoder(w, x):
    return network(x, w)


def trained(penalty, w, x):
    return torch.autograd.grad(penalty(w, x), w)


# %% [markdown]
# ## Inner steps, as in MAML


# %%
# --8<-- [start:inner]
def step(create_graph, x, *W):
    dL_dW = torch.autograd.grad(loss(W, x), W, create_graph=create_graph)
    return [w - 0.1 * g for w, g in zip(W, dL_dW)]


def again(create_graph, x, *W):
    return checkpoint(step, create_graph, x, *W, use_reentrant=False)


def outer_gradient(step, W, x, steps, create_graph=True):
    adapted = W
    for _ in range(steps):
        adapted = step(create_graph, x, *adapted)
    return torch.autograd.grad(loss(adapted, x), W)


# --8<-- [end:inner]

# %% [markdown]
# ## Checkpoints
#
# The same loss. A checkpoint keeps the input of four layers, and computes them again in the
# backward pass.


# %%
# --8<-- [start:layers]
def loss_again(W, x):
    for i in range(0, len(W), 4):
        x = checkpoint(network, x, *W[i : i + 4], use_reentrant=False)
    return x.square().sum() / 2


# --8<-- [end:layers]


# %% [markdown]
# ## They agree
#
# In float64: what should be equal is equal, whichever way it is computed.


# %%
def problem(width, depth, batch, dtype=torch.float32):
    torch.manual_seed(0)
    W = [torch.randn(width, width, dtype=dtype) / width**0.5 for _ in range(depth)]
    V = [torch.randn_like(w) for w in W]
    return [w.requires_grad_() for w in W], torch.randn(batch, width, dtype=dtype), V


def difference(first, second):
    pairs = zip(tree_leaves(first), tree_leaves(second))
    return max((a - b).abs().max().item() for a, b in pairs)


# --8<-- [start:agree]
W, x, V = problem(4, 8, 3, torch.float64)
every_sign = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * 4)
average = sum(projected(W[0], x, v) for v in every_sign) / len(every_sign)
differences = {
    "Hessian-vector products": difference(
        double_backward(loss, W, x, V), forward_over_reverse(loss, W, x, V)
    ),
    "with dual numbers": difference(
        double_backward(loss, W, x, V), dual_numbers(loss, W, x, V)
    ),
    "with checkpointed layers": difference(
        double_backward(loss, W, x, V), double_backward(loss_again, W, x, V)
    ),
    "Hessians": difference(hessian_by_rows(loss, W, x, V), hessian_at_once(loss, W, x, V)),
    "contractive, closed form": difference(closed_form(W[0], x), exact(W[0], x)),
    "contractive, mean over signs": difference(average, exact(W[0], x)),
    "checkpointed inner steps": difference(
        outer_gradient(step, W, x, 3), outer_gradient(again, W, x, 3)
    ),
}
# --8<-- [end:agree]
for name, found in differences.items():
    assert found < 1e-10, (name, found)
first_order = outer_gradient(step, W, x, 3, create_graph=False)
assert difference(outer_gradient(step, W, x, 3), first_order) > 1e-4

# %% [markdown]
# ## Matrix products
#
# In units of the products of one forward pass.

# %%
OPERATIONS = {
    "forward": forward,
    "forward, no graph": forward_without_graph,
    "gradient": gradient,
    "gradient, create_graph": gradient_with_graph,
    "gradient penalty": gradient_penalty,
    "Hessian-vector, double backward": double_backward,
    "Hessian-vector, forward over reverse": forward_over_reverse,
    "Hessian-vector, dual numbers": dual_numbers,
    "Hessian by rows": hessian_by_rows,
    "Hessian at once": hessian_at_once,
}
PENALTIES = {
    "encoder alone": encoder,
    "closed form": partial(trained, closed_form),
    "random projection": partial(trained, projected),
    "exact": partial(trained, exact),
}
STEPS = {
    "MAML": partial(outer_gradient, step),
    "MAML, checkpointed": partial(outer_gradient, again),
    "first order": partial(outer_gradient, step, create_graph=False),
}
WIDTH, DEPTH, BATCH = 128, 4, 64


# --8<-- [start:products]
def products(run, unit):
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() / unit


# --8<-- [end:products]

# %% [markdown]
# ## Memory
#
# The bytes of all tensors that an operation makes, results included, at the moment when they are
# most. Weights and batch were there before, and are not counted.


# %%
# --8<-- [start:peak]
class Memory(TorchDispatchMode):
    def __init__(self, given):
        super().__init__()
        self.known = {tensor.untyped_storage()._cdata for tensor in given}
        self.alive, self.now, self.peak = {}, 0, 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            # Forward mode marks what is zero with tensors that have no memory.
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


# --8<-- [end:peak]


# %%
def compare(runs, given, unit):
    """Return {name: (products in units, peak in units of the first one's)}."""
    first = peak(next(iter(runs.values())), given)
    return {
        name: (products(run, unit), peak(run, given) / first) for name, run in runs.items()
    }


def compare_operations(width, depth, batch, names=tuple(OPERATIONS), loss=loss):
    W, x, V = problem(width, depth, batch)
    runs = {name: partial(OPERATIONS[name], loss, W, x, V) for name in names}
    return compare(runs, [*W, x, *V], 2 * batch * width**2 * depth)


def compare_penalties(width, batch):
    W, x, _ = problem(width, 1, batch)
    runs = {name: partial(run, W[0], x) for name, run in PENALTIES.items()}
    return compare(runs, [*W, x], 2 * batch * width**2)


def print_table(rows):
    print(f"{'':36}{'products':>9}{'memory':>8}")
    for name, (count, size) in rows.items():
        print(f"{name:36}{count:9.2f}{size:8.2f}")


# %% [markdown]
# ### Every operation, for one network
#
# Four layers of 128 units, 64 samples.

# %%
# --8<-- [start:operations]
operations = compare_operations(WIDTH, DEPTH, BATCH)
print_table(operations)
#>                                      products  memory
#> forward                                  1.00    1.00
#> forward, no graph                        1.00    0.60
#> gradient                                 2.75    1.80
#> gradient, create_graph                   2.75    4.00
#> gradient penalty                         5.75    4.40
#> Hessian-vector, double backward          7.75    5.40
#> Hessian-vector, forward over reverse     8.25    8.80
#> Hessian-vector, dual numbers             8.25    7.00
#> Hessian by rows                        258.00   53.80
#> Hessian at once                        260.00  283.40
# --8<-- [end:operations]

# %%
# --8<-- [start:penalties]
penalties = compare_penalties(WIDTH, BATCH)
print_table(penalties)
#>                                      products  memory
#> encoder alone                            1.00    1.00
#> closed form                              2.00    4.51
#> random projection                        5.00    4.00
#> exact                                  386.00  321.50
# --8<-- [end:penalties]

# %% [markdown]
# ### As the network grows

# %%
SECOND = [
    "gradient",
    "gradient, create_graph",
    "gradient penalty",
    "Hessian-vector, double backward",
    "Hessian-vector, forward over reverse",
    "Hessian-vector, dual numbers",
]
SIZES = {
    "width": [16, 32, 64, 128, 256, 512],
    "depth": [1, 2, 4, 8, 16],
    "batch": [4, 16, 64, 256, 1024],
}


def grown(name):
    """Return {operation: its peak for each size, in units of the forward pass}."""
    base = {"width": WIDTH, "depth": DEPTH, "batch": BATCH}
    names = ["forward", *SECOND]
    tables = [compare_operations(**(base | {name: size}), names=names) for size in SIZES[name]]
    return {operation: [table[operation][1] for table in tables] for operation in SECOND}


memory_figure, panels = plt.subplots(1, 3, figsize=(6.4, 3.6), sharey=True, layout="constrained")
for panel, (name, sizes) in zip(panels, SIZES.items()):
    for operation, ratios in grown(name).items():
        panel.plot(sizes, ratios, marker="o", markersize=4, label=operation)
    panel.set(xscale="log", yscale="log", xlabel=name)
    panel.set_xticks(sizes[::2], sizes[::2])
    panel.minorticks_off()
panels[0].set(ylabel="peak memory / forward pass")
panels[0].set_yticks([1, 2, 5, 10, 20, 50], [1, 2, 5, 10, 20, 50])
memory_figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)

# %% [markdown]
# ### Inner steps

# %%
# --8<-- [start:steps]
steps = [1, 2, 4, 8, 16]
W, x, V = problem(WIDTH, DEPTH, BATCH)
one_forward = peak(partial(loss, W, x), [*W, x])
for name, run in STEPS.items():
    peaks = [peak(partial(run, W, x, k), [*W, x]) / one_forward for k in steps]
    print(f"{name:20}" + "".join(f"{size:7.1f}" for size in peaks))
#> MAML                    7.6   11.0   17.8   31.4   58.6
#> MAML, checkpointed      8.4   10.0   13.2   19.6   32.4
#> first order             3.6    5.2    5.2    5.2    5.2
# --8<-- [end:steps]

# %%
steps_figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
for name, run in STEPS.items():
    peaks = [peak(partial(run, W, x, k), [*W, x]) / one_forward for k in range(1, 17)]
    axes.plot(range(1, 17), peaks, marker="o", markersize=4)
    axes.annotate(name, (16, peaks[-1]), (0, 6), textcoords="offset points", ha="right")
axes.set(xlabel="inner steps", ylabel="peak memory / forward pass", xlim=(0, 16.5))

# %% [markdown]
# ### Checkpointed layers
#
# 16 layers of 64 units, 512 samples: what is kept for the backward pass is most of the memory.

# %%
# --8<-- [start:layers_again]
DEEP = {"width": 64, "depth": 16, "batch": 512}
W, x, V = problem(**DEEP)
one_forward = peak(partial(loss, W, x), [*W, x])
kept, computed_again = {}, {}
for name in ("gradient", "gradient penalty", "Hessian-vector, double backward"):
    for results, one_loss in ((kept, loss), (computed_again, loss_again)):
        run = partial(OPERATIONS[name], one_loss, W, x, V)
        results[name] = peak(run, [*W, x, *V]) / one_forward
    print(f"{name:32}{kept[name]:6.2f}{computed_again[name]:6.2f}")
#> gradient                          1.12  0.53
#> gradient penalty                  3.13  3.36
#> Hessian-vector, double backward   3.18  3.41
# --8<-- [end:layers_again]
