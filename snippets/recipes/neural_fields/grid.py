import torch


# --8<-- [start:encoding]
class HashGrid(torch.nn.Module):
    """Levels of hashed grids (Müller et al. 2022), in plain PyTorch: (n, 2) to (n, levels * 2)."""

    def __init__(self, resolutions=(16, 32), size=2**12):
        super().__init__()
        self.resolutions = resolutions
        self.tables = torch.nn.Parameter(torch.rand(len(resolutions), size, 2) - 0.5)

    def forward(self, x):
        features = []
        for table, resolution in zip(self.tables, self.resolutions):
            at = x * resolution  # the chain rule brings this factor
            cell = at.detach().floor()
            u = at - cell
            total = 0
            for corner in torch.cartesian_prod(*2 * [torch.arange(2, device=x.device)]):
                i, j = (cell.long() + corner).unbind(1)
                weight = torch.where(corner.bool(), u, 1 - u).prod(1)
                total = total + weight[:, None] * table[(i ^ j * 2654435761) % len(table)]
            features.append(total)
        return torch.cat(features, 1)


# --8<-- [end:encoding]
torch.manual_seed(0)
grid = HashGrid()
x, way = torch.tensor([[0.312, 0.481]], requires_grad=True), torch.tensor([[1.0, 0.0]])
(g,) = torch.autograd.grad(grid(x)[:, 2].sum(), x)
found = {"autograd": g[0, 0].item()}
# --8<-- [start:check]
cell = 1 / 32  # of the finest level that is looked at
for step, dtype in ((1e-2 * cell, torch.float32), (1e-7, torch.float32), (1e-7, torch.float16)):
    with torch.no_grad():
        ahead, behind = (grid.to(dtype)((x + s * step * way).to(dtype))[:, 2] for s in (1, -1))
    found[f"{step:.0e}, {dtype}"] = ((ahead - behind) / (2 * step)).item()
for name, slope in found.items():
    print(f"{name:20} {slope:.1f}")
#> autograd             4.1
#> 3e-04, torch.float32 4.1
#> 1e-07, torch.float32 3.6
#> 1e-07, torch.float16 0.0
# --8<-- [end:check]
