# timeout: 120
# uses: recipes/explanations_in_a_loss/attribution.py
# %% [markdown]
# # Explanations in a loss
#
# Digits whose corner pixel gives the label away. A network that is asked not to look there learns
# the digits; without its graph, the same term changes nothing.

# %%
import torch
from attribution import saliency
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

pixels, labels = load_digits(return_X_y=True)
pixels = torch.tensor(pixels / 16, dtype=torch.float32)
labels = torch.tensor(labels)
leaky = pixels.clone()
leaky[:, 0] = labels / 3  # the label, as a gray value
torch.manual_seed(0)
hidden = pixels.clone()
hidden[:, 0] = 3 * torch.rand(len(pixels))  # at test time, the corner says nothing


# %%
# --8<-- [start:train]
def trained(seed, term, steps=300):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(
        torch.nn.Linear(64, 32), torch.nn.Softplus(), torch.nn.Linear(32, 10)
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(steps):
        rows = torch.randint(1000, (128,))
        x, y = leaky[rows], labels[rows]
        loss = cross_entropy(net(x), y) + 10 * term(net, x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    accuracy = (net(hidden[1000:]).argmax(1) == labels[1000:]).float().mean().item()
    return accuracy, [p.detach() for p in net.parameters()]


def nothing(net, x):
    return 0


def corner(net, x):
    """The slopes of all log probabilities at the corner (Ross et al. 2017)."""
    g = saliency(lambda x: net(x).log_softmax(1).sum(1), x)
    return g[:, 0].square().mean()


def cut(net, x):  # wrong: a number, beside a loss that trains
    return corner(net, x).detach()


# --8<-- [end:train]
# --8<-- [start:accuracy]
runs = {term: [trained(seed, term) for seed in range(3)] for term in (nothing, corner, cut)}
alone, asked, _ = ([accuracy for accuracy, _ in found] for found in runs.values())
alone_high, asked_low = max(alone), min(asked)
print(f"asked not to look: {asked_low > alone_high + 0.1}")
#> asked not to look: True
same = all(map(torch.equal, runs[cut][0][1], runs[nothing][0][1]))
print(f"cut, the weights are those without the term, bit for bit: {same}")
#> cut, the weights are those without the term, bit for bit: True
# --8<-- [end:accuracy]
