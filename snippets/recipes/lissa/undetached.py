# wrong: nodes is 1373, the number is 0
# right: recipes/lissa/detached.py
import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
weights = list(net.parameters())
loss = net(torch.randn(8, 3)).square().mean()
g = torch.autograd.grad(loss, weights, create_graph=True)
v = [torch.ones_like(w) for w in weights]


def saved(h):
    """Nodes of the graph that the estimate keeps alive."""
    seen, left = set(), [t.grad_fn for t in h]
    while left:
        node = left.pop()
        if node is not None and node not in seen:
            seen.add(node)
            left += [node for node, _ in node.next_functions]
    return len(seen)


h, counts = list(v), []
for step in range(20):
    Hh = torch.autograd.grad(g, weights, h, create_graph=True)
    h = [a + 0.99 * b - c / 10 for a, b, c in zip(v, h, Hh, strict=True)]
    if step % 10 == 9:
        counts.append(saved(h))
nodes = counts[-1]
print(counts)
#> [683, 1373]
