import torch

torch.set_default_dtype(torch.float64)


def pairs(pos, batch, cutoff=3.0):
    """The indices of a radius graph: whole numbers, which need no gradient."""
    with torch.no_grad():
        near = torch.cdist(pos, pos) < cutoff
        near &= batch[:, None] == batch  # of the same graph
        return near.fill_diagonal_(False).nonzero().T  # and no atom with itself


class Potential(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.kind = torch.nn.Embedding(10, 4)
        self.net = torch.nn.Sequential(
            torch.nn.Linear(9, 16), torch.nn.SiLU(), torch.nn.Linear(16, 1)
        )

    def forward(self, z, pos, batch):
        i, j = pairs(pos, batch)
        length = (pos[i] - pos[j]).norm(dim=1, keepdim=True)  # from *this* pos
        edges = torch.cat([self.kind(z[i]), self.kind(z[j]), torch.exp(-length)], dim=1)
        zero = pos.new_zeros(int(batch.max()) + 1)
        return zero.index_add(0, batch[i], self.net(edges)[:, 0])  # an energy for each graph


torch.manual_seed(0)
model = Potential()
z = torch.tensor([8, 1, 1, 6, 8])  # a molecule of three atoms, and one of two
batch = torch.tensor([0, 0, 0, 1, 1])
pos = torch.rand(5, 3)

pos.requires_grad_()  # before the model is called
E = model(z, pos, batch)
F = -torch.autograd.grad(E.sum(), pos, create_graph=True)[0]
loss = F.square().mean()  # of forces, here against zero
loss.backward()
print(E.shape, F.shape, round(F[4, 0].item(), 5))
#> torch.Size([2]) torch.Size([5, 3]) -0.04645
alone = -torch.autograd.grad(model(z[3:], pos[3:], batch[:2]).sum(), pos)[0][3:]
print("the other graph does not matter:", torch.allclose(F[3:], alone))
#> the other graph does not matter: True
