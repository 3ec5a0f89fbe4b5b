import torch


# --8<-- [start:frame]
def frame(edges):  # (edges, 3) to rotations that turn each edge to the y axis
    y = torch.nn.functional.normalize(edges, dim=1)
    # The axis of which the edge has least: never parallel to it.
    axes = torch.eye(3, dtype=y.dtype, device=y.device)
    other = axes[y.detach().abs().argmin(1)]
    x = torch.nn.functional.normalize(torch.linalg.cross(y, other), dim=1)
    return torch.stack([x, y, torch.linalg.cross(x, y)], 1)


# --8<-- [end:frame]
# --8<-- [start:loss]
w = torch.tensor([0.3, 0.5, 0.2], requires_grad=True)
edges = torch.tensor([[0.0, 1.2, 0], [0.4, 0.8, -0.5]], requires_grad=True)
turned = frame(edges) @ torch.tensor([1.0, 2.0, 3.0])
# Along the edge, across it, and its length: no direction of its own.
along, across = turned[:, 1], turned[:, 0] ** 2 + turned[:, 2] ** 2
E = (torch.stack([along, across, edges.norm(dim=1)], 1) @ w).sum()
(g,) = torch.autograd.grad(E, edges, create_graph=True)
loss = g.pow(2).sum()
(dloss_dw,) = torch.autograd.grad(loss, w)
# --8<-- [end:loss]
finite = bool(dloss_dw.isfinite().all())
print(f"E {E.item():.4f}, finite {finite}")
#> E 13.0723, finite True
