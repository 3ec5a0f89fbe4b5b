# wrong: finite is False, the answer is True
# right: recipes/library_potentials/axes.py
import torch


# --8<-- [start:frame]
def frame(edges):  # (edges, 3) to rotations that turn each edge to the y axis
    x, y, z = torch.nn.functional.normalize(edges, dim=1).unbind(1)
    b, a = torch.acos(y), torch.atan2(x, z)
    cb, sb, ca, sa = b.cos(), b.sin(), a.cos(), a.sin()
    rows = [[cb * sa, -sb, cb * ca], [sb * sa, cb, sb * ca], [ca, 0 * ca, -sa]]
    return torch.stack([torch.stack(row, 1) for row in rows], 1)


# --8<-- [end:frame]
w = torch.tensor([0.3, 0.5, 0.2], requires_grad=True)
edges = torch.tensor([[0.0, 1.2, 0], [0.4, 0.8, -0.5]], requires_grad=True)
turned = frame(edges) @ torch.tensor([1.0, 2.0, 3.0])
# Along the edge, across it, and its length: no direction of its own.
along, across = turned[:, 1], turned[:, 0] ** 2 + turned[:, 2] ** 2
E = (torch.stack([along, across, edges.norm(dim=1)], 1) @ w).sum()
(g,) = torch.autograd.grad(E, edges, create_graph=True)
loss = g.pow(2).sum()
(dloss_dw,) = torch.autograd.grad(loss, w)
finite = bool(dloss_dw.isfinite().all())
print(f"E {E.item():.4f}, finite {finite}")
#> E 13.0723, finite False
