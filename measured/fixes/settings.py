"""The settings that people have, in which each recommended fix is tried.

A fix is a function ``fix(net, x)`` or ``fix(net, x, y)`` that returns a number to be trained on. A
setting calls it as such people would, and says what the gradient of that number should have been.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint


def backward(fix: Callable, net: nn.Module, inputs: list) -> list[torch.Tensor]:
    """The gradient as a training loop takes it: for each parameter that is trained."""
    fix(net, *inputs).backward()
    trained = [one for one in net.parameters() if one.requires_grad]
    return [torch.zeros_like(one) if one.grad is None else one.grad for one in trained]


def by_func(fix: Callable, net: nn.Module, inputs: list) -> list[torch.Tensor]:
    """The gradient by ``torch.func.grad``, from a dictionary of parameters."""

    def loss(params):
        return fix(lambda *args: functional_call(net, params, args), *inputs)

    return list(torch.func.grad(loss)(dict(net.named_parameters())).values())


@dataclass
class Case:
    """A network, a batch, and how its owner trains.

    ``plain`` is the network; ``net`` is what the fix is given, where it is wrapped.
    """

    plain: nn.Module
    x: torch.Tensor
    y: torch.Tensor
    net: nn.Module | None = None
    around: Callable = contextlib.nullcontext
    gradient: Callable = backward
    dtype: torch.dtype = torch.float64
    #: What is done after each step, such as the other network's.
    after: Callable = field(default=lambda: None)


class Checkpointed(nn.Module):
    """A network whose blocks are computed again in the backward pass."""

    def __init__(self, net: nn.Sequential):
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.net:
            x = checkpoint(block, x, use_reentrant=False)
        return x


class Block(nn.Module):
    """One layer of a transformer, and a number for each sequence."""

    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.head = nn.Linear(8, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.layer(x).mean(dim=1))


def small() -> nn.Sequential:
    """Two layers, which bend."""
    return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))


def batch(*shape: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and targets of four samples."""
    return torch.randn(4, *shape, dtype=torch.float64), torch.randn(4, 1, dtype=torch.float64)


def convolutions() -> Iterator[Case]:
    """A critic as for images, its batch norm in training mode."""
    net = nn.Sequential(
        *(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(4, 4, 3, stride=2), nn.SiLU(), nn.Flatten(), nn.Linear(16, 1)),
    )
    yield Case(net.double(), *batch(2, 6, 6))


def transformer() -> Iterator[Case]:
    """A transformer's block, its attention by the kernel that has a second derivative."""
    around = lambda: sdpa_kernel(SDPBackend.MATH)  # noqa: E731
    yield Case(Block().double(), *batch(3, 8), around=around)


def gan() -> Iterator[Case]:
    """A critic on what a generator makes; each has an optimizer, and both step."""
    critic, generator = small().double(), nn.Linear(2, 3).double()
    noise, (_, y) = torch.randn(4, 2, dtype=torch.float64), batch(1)
    optimizer = torch.optim.Adam(generator.parameters(), lr=1e-2)

    def step():
        optimizer.zero_grad()
        (-critic(generator(noise)).mean()).backward()
        optimizer.step()

    yield Case(critic, generator(noise).detach(), y, after=step)


def checkpointed() -> Iterator[Case]:
    """Blocks that are recomputed."""
    net = small().double()
    yield Case(net, *batch(3), net=Checkpointed(net))


def functional() -> Iterator[Case]:
    """The parameters in a dictionary, and the gradient by ``torch.func.grad``."""
    yield Case(small().double(), *batch(3), gradient=by_func)


def frozen() -> Iterator[Case]:
    """The first layer is not trained."""
    net = small().double()
    net[0].requires_grad_(False)
    yield Case(net, *batch(3))


def zeros() -> Iterator[Case]:
    """A batch of zeros and of equal samples, and a last layer that begins at zero."""
    net, (x, y) = small().double(), batch(3)
    x[0] = 0
    x[2] = x[1]
    with torch.no_grad():
        net[2].weight.zero_()
    yield Case(net, x, y)


def half() -> Iterator[Case]:
    """All in float16."""
    yield Case(small().double(), *batch(3), dtype=torch.float16)


def bfloat() -> Iterator[Case]:
    """All in bfloat16."""
    yield Case(small().double(), *batch(3), dtype=torch.bfloat16)


def no_grad() -> Iterator[Case]:
    """In evaluation code, where the graph is off."""
    yield Case(small().double(), *batch(3), around=torch.no_grad)


def compiled() -> Iterator[Case]:
    """The network compiled, and the loss outside, with a backward pass traced ahead of time."""
    torch.compiler.reset()  # or after eight trials nothing would be compiled any more
    net = small().double()
    yield Case(net, *batch(3), net=torch.compile(net, backend="aot_eager"))


def parallel() -> Iterator[Case]:
    """DistributedDataParallel, one process."""
    net = small().double()
    if dist.is_initialized():
        dist.destroy_process_group()
    with tempfile.TemporaryDirectory() as folder:
        store = dist.FileStore(str(Path(folder, "store")), 1)
        dist.init_process_group("gloo", store=store, rank=0, world_size=1)
        try:
            yield Case(net, *batch(3), net=nn.parallel.DistributedDataParallel(net))
        finally:
            dist.destroy_process_group()


#: What a page calls a setting -> how it is made.
SETTINGS: dict[str, Callable[[], Iterator[Case]]] = {
    "a convolutional critic with batch norm": convolutions,
    "a transformer block": transformer,
    "a GAN with two optimizers": gan,
    "activation checkpointing": checkpointed,
    "`torch.func`": functional,
    "a frozen layer": frozen,
    "zeros and equal samples": zeros,
    "float16": half,
    "bfloat16": bfloat,
    "code under `no_grad`": no_grad,
    "a compiled network": compiled,
    "DistributedDataParallel": parallel,
}
