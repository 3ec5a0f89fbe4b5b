# right: recipes/library_potentials/own_gradient.py
import torch


# --8<-- [start:library]
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


# --8<-- [end:library]
model = Ensemble()
R = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1.2, 0.3]], requires_grad=True)
# --8<-- [start:call]
forces = model(R)["forces"]
rows = [torch.autograd.grad(-f, R, retain_graph=True)[0] for f in forces.flatten()]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:call]
