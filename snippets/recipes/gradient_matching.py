# timeout: 240
# uses: recipes/gradient_matching/matching.py
# %% [markdown]
# # Gradient matching
#
# Two uses of one loss, the distance between two gradients: to find the images from which a shared
# gradient was made, and to find ten images that train a network as a thousand do. The data are
# scikit-learn's digits, eight pixels wide.

# %%
import matplotlib.pyplot as plt
import torch
from matching import loss_gradient, row_distance, squared_distance
from sklearn.datasets import load_digits
from torch.nn import Conv2d, Flatten, Linear, Sequential
from torch.nn.functional import cross_entropy

pixels, labels = load_digits(return_X_y=True)
images = torch.tensor(pixels / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
labels = torch.tensor(labels)

# %% [markdown]
# ## Gradient inversion
#
# L-BFGS calls its closure several times a step, so everything is computed in it. The gradient of
# the distance is taken for the images alone: `backward()` would also fill the `.grad` of the
# weights.


# %%
# --8<-- [start:invert]
def invert(net, shared, labels, steps=200):
    """Look for images whose gradient is the shared one."""
    found = torch.rand(len(labels), 1, 8, 8, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [found], max_iter=steps, history_size=50, line_search_fn="strong_wolfe",
        tolerance_grad=1e-12, tolerance_change=1e-14,
    )  # fmt: skip

    def closure():
        loss = cross_entropy(net(found), labels)
        own = loss_gradient(loss, net.parameters())
        distance = squared_distance(own, shared)
        (found.grad,) = torch.autograd.grad(distance, found)
        return distance

    optimizer.step(closure)
    return found.detach()


# --8<-- [end:invert]
def convolutional(activation):
    return Sequential(
        Conv2d(1, 8, 3, padding=1),
        activation(),
        Conv2d(8, 8, 3, padding=1, stride=2),
        activation(),
        Flatten(),
        Linear(128, 10),
    )


# --8<-- [start:activations]
def inverted(activation, seed):
    """Two images, and what is found from the gradient of their loss."""
    torch.manual_seed(seed)
    net = convolutional(activation)
    true, classes = images[2 * seed : 2 * seed + 2], labels[2 * seed : 2 * seed + 2]
    loss = cross_entropy(net(true), classes)
    shared = loss_gradient(loss, net.parameters(), constant=True)
    return true, invert(net, shared, classes)


activations = [torch.nn.Sigmoid, torch.nn.Softplus, torch.nn.ReLU]
pairs = {a.__name__: [inverted(a, seed) for seed in range(8)] for a in activations}
errors = {
    name: [(true - found).square().mean().sqrt().item() for true, found in made]
    for name, made in pairs.items()
}
errors_sigmoid, errors_softplus, errors_relu = errors.values()
hits = {name: sum(error < 0.01 for error in found) for name, found in errors.items()}
hits_sigmoid, hits_softplus, hits_relu = hits.values()
print(hits)
#> {'Sigmoid': 8, 'Softplus': 8, 'ReLU': 0}
# --8<-- [end:activations]

# %% [markdown]
# Another optimizer, over two budgets, says the same of the first three pairs.


# %%
def by_adam(activation, seed, steps):
    """The error of what Adam finds, with a step size that falls to zero."""
    torch.manual_seed(seed)
    net = convolutional(activation)
    true, classes = images[2 * seed : 2 * seed + 2], labels[2 * seed : 2 * seed + 2]
    loss = cross_entropy(net(true), classes)
    shared = loss_gradient(loss, net.parameters(), constant=True)
    found = torch.rand(2, 1, 8, 8, requires_grad=True)
    optimizer = torch.optim.Adam([found], lr=0.1)
    falls = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        own = loss_gradient(cross_entropy(net(found), classes), net.parameters())
        (found.grad,) = torch.autograd.grad(squared_distance(own, shared), found)
        optimizer.step()
        falls.step()
    return (true - found).square().mean().sqrt().item()


adam_softplus_errors, adam_relu_errors = (
    [by_adam(activation, seed, steps) for steps in (100, 300) for seed in range(3)]
    for activation in (torch.nn.Softplus, torch.nn.ReLU)
)
adam_softplus, adam_relu = (
    [sum(error < 0.01 for error in found[at : at + 3]) for at in (0, 3)]
    for found in (adam_softplus_errors, adam_relu_errors)
)
print(adam_softplus, adam_relu)
#> [3, 3] [0, 0]

# %%
inverted_figure, rows = plt.subplots(3, 8, figsize=(6.4, 2.6), layout="constrained")
shown = [[true for true, _ in pairs["Softplus"]]]
shown += [[found for _, found in pairs[name]] for name in ("Softplus", "ReLU")]
titles = ["true", "Softplus", "ReLU"]
for title, drawn, line in zip(titles, shown, rows, strict=True):
    for image, axes in zip(drawn, line, strict=True):
        axes.imshow(image[0, 0].numpy(), cmap="gray", vmin=0, vmax=1)
        axes.set_xticks([])
        axes.set_yticks([])
    line[0].set_ylabel(title)

# %% [markdown]
# ## Data condensation
#
# Ten images, one for each class, that give a network the gradient of a thousand. Each starts as a
# real one. Networks are drawn anew, and are trained for a few steps on the ten in between, because
# the images have to serve later weights, too.

# %%
order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
train, test = order[:1000], order[1000:]
classes = torch.arange(10)


def dense(seed):
    torch.manual_seed(seed)
    return Sequential(Flatten(), Linear(64, 64), torch.nn.Softplus(), Linear(64, 10))


def first_of_each(seed):
    """One training image of each class."""
    mixed = train[torch.randperm(1000, generator=torch.Generator().manual_seed(seed))]
    return torch.stack([images[mixed[labels[mixed] == c][0]] for c in classes])


# --8<-- [start:condense]
def condense(few, networks=10, steps=10):
    """Change ten images until they give networks the gradient of all."""
    few = few.clone().requires_grad_()
    outer = torch.optim.Adam([few], lr=0.02)
    for seed in range(networks):
        net = dense(seed)
        weights = list(net.parameters())
        inner = torch.optim.SGD(weights, lr=0.5)
        for _ in range(steps):
            real = cross_entropy(net(images[train]), labels[train])
            wanted = loss_gradient(real, weights, constant=True)
            own = loss_gradient(cross_entropy(net(few), classes), weights)
            (few.grad,) = torch.autograd.grad(row_distance(own, wanted), few)
            outer.step()
            for _ in range(2):
                inner.zero_grad()
                cross_entropy(net(few.detach()), classes).backward()
                inner.step()
    return few.detach()


# --8<-- [end:condense]
def accuracy(few):
    """Of three new networks, trained on the ten images alone."""
    right = []
    for seed in range(100, 103):
        net = dense(seed)
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        for _ in range(150):
            optimizer.zero_grad()
            cross_entropy(net(few), classes).backward()
            optimizer.step()
        right.append((net(images[test]).argmax(1) == labels[test]).float().mean().item())
    return sum(right) / len(right)


# --8<-- [start:compare]
starts = [first_of_each(seed) for seed in range(5)]
real = [accuracy(few) for few in starts]
condensed = [accuracy(condense(few)) for few in starts]
means = torch.stack([images[train[labels[train] == c]].mean(0) for c in classes])
of_means = accuracy(means)
real_high, condensed_low = max(real), min(condensed)
condensed_mean = sum(condensed) / len(condensed)
print(f"each condensed set beats each real one: {condensed_low > real_high}")
#> each condensed set beats each real one: True
print(f"and the class means by less than 0.05: {condensed_mean < of_means + 0.05}")
#> and the class means by less than 0.05: True
# --8<-- [end:compare]
