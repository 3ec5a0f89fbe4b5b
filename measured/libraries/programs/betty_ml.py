"""The hypergradient of an inner problem, by each of Betty's ways, against the exact one."""

import torch
from betty.configs import Config, EngineConfig
from betty.engine import Engine
from betty.problems import ImplicitProblem

from measured.libraries.inside import same

x, y = torch.randn(8, 3), torch.randn(8, 1)
xv, yv = torch.randn(8, 3), torch.randn(8, 1)
start = torch.randn(3, 1)
data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8)
held = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xv, yv), batch_size=8)


class Ridge(torch.nn.Module):
    """The weights of a ridge regression; ``log`` is its logarithmic penalty."""

    def __init__(self, value):
        super().__init__()
        self.w = torch.nn.Parameter(value.clone())


class Inner(ImplicitProblem):
    def training_step(self, batch):
        w, penalty = self.module.w, self.outer.module.w.exp()
        return ((x @ w - y) ** 2).mean() + penalty * (w**2).mean()


class Outer(ImplicitProblem):
    found = None

    def training_step(self, batch):
        return ((xv @ self.inner.module.w - yv) ** 2).mean()

    def grad_callback(self):
        self.found = self.module.w.grad.clone()


def hypergradient(kind):
    inner_net, outer_net = Ridge(solved(torch.tensor(-1.0))), Ridge(torch.tensor(-1.0))
    inner = Inner(
        name="inner",
        module=inner_net,
        train_data_loader=data,
        config=Config(
            type=kind,
            unroll_steps=1,
            neumann_iterations=5000,
            neumann_alpha=0.1,
            darts_alpha=1e-4,
        ),
        optimizer=torch.optim.SGD(inner_net.parameters(), lr=0.1),
    )
    outer = Outer(
        name="outer",
        module=outer_net,
        train_data_loader=held,
        config=Config(),
        optimizer=torch.optim.SGD(outer_net.parameters(), lr=0.0),
    )
    Engine(
        config=EngineConfig(train_iters=1),
        problems=[outer, inner],
        dependencies={"u2l": {outer: [inner]}, "l2u": {inner: [outer]}},
    ).run()
    found = outer_net.w.grad if outer.found is None else outer.found
    return found


def solved(log):
    return torch.linalg.solve(x.T @ x / 8 + log.exp() / 3 * torch.eye(3), x.T @ y / 8)


def exact(step=1e-5):
    values = [((xv @ solved(torch.tensor(-1.0 + s)) - yv) ** 2).mean() for s in (step, -step)]
    return (values[0] - values[1]) / (2 * step)


for kind in ("neumann", "darts"):
    same(f"Config(type='{kind}') at the solution", lambda k=kind: hypergradient(k), exact)
