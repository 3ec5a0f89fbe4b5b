# uses: recipes/library_potentials/hessian.py
import torch
from hessian import hessian_of_forces


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


# --8<-- [start:call]
torch.set_default_dtype(torch.float64)
model = Ensemble()
R = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1.2, 0.3]])
H = hessian_of_forces(lambda R: model(R)["forces"], R, step=1e-4)
exact = torch.autograd.functional.hessian(model.energy, R).reshape(9, 9)
error = ((H - exact).norm() / exact.norm()).item()
print(f"{H.norm():.3f}, error below 1e-6: {error < 1e-6}")
#> 0.585, error below 1e-6: True
# --8<-- [end:call]
