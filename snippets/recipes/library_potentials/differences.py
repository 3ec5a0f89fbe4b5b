import torch


class Ensemble(torch.nn.Module):  # stands for a compiled file
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        net = lambda: torch.nn.Sequential(
            torch.nn.Linear(3, 8), torch.nn.SiLU(), torch.nn.Linear(8, 1)
        )
        self.members = torch.nn.ModuleList([net(), net()])

    def energy(self, R):
        a, b, c = R
        r = torch.stack([a - b, a - c, b - c]).norm(dim=1)
        return torch.stack([net(r).squeeze() for net in self.members]).mean()

    def forward(self, R):
        with torch.enable_grad():
            R = R.detach().requires_grad_()
            E = self.energy(R)
            (g,) = torch.autograd.grad(E, R)
        return {"energy": E.detach(), "forces": -g}


torch.set_default_dtype(torch.float64)
model = Ensemble()
R = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1.2, 0.3]])


# --8<-- [start:differences]
def hessian_of_forces(forces, R, step=1e-4):
    """Return the Hessian (3 n, 3 n) of the energy, by differences of forces (n, 3)."""
    rows = []
    for d in step * torch.eye(R.numel(), dtype=R.dtype, device=R.device):
        d = d.reshape(R.shape)
        rows.append((forces(R - d) - forces(R + d)).flatten() / (2 * step))
    H = torch.stack(rows).detach()
    return (H + H.T) / 2


# --8<-- [end:differences]
H = hessian_of_forces(lambda R: model(R)["forces"], R)
exact = torch.autograd.functional.hessian(model.energy, R).reshape(9, 9)
error = ((H - exact).norm() / exact.norm()).item()
print(f"{H.norm():.3f}, error below 1e-6: {error < 1e-6}")
#> 0.585, error below 1e-6: True
