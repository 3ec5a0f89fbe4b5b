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


model = Ensemble()
R = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1.2, 0.3]], requires_grad=True)
# --8<-- [start:call]
E = model.energy(R)  # what the file computes inside
# --8<-- [mark]
(g,) = torch.autograd.grad(E, R, create_graph=True)
rows = [torch.autograd.grad(one, R, retain_graph=True)[0] for one in g.flatten()]
H = torch.stack(rows).reshape(9, 9)
# --8<-- [end:call]
symmetric = torch.allclose(H, H.T, atol=1e-6)
print(symmetric, f"{H.square().sum().sqrt():.3f}")
#> True 0.471
