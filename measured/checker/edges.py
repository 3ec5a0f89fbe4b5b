"""Losses at the edges of what the checker must cope with, each with the verdict that is right."""

# ruff: noqa: B905, E731, E741, F841
import concurrent.futures
import contextlib
import copy
import dataclasses
import inspect
import math
import random
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from torch import distributed as dist
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import DataLoader, TensorDataset

from measured.checker.tool import intended


def net0(act=nn.Tanh, d=5, n=16, dt=torch.float32):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(d, n), act(), nn.Linear(n, n), act(), nn.Linear(n, 1)).to(dt)


torch.manual_seed(1)
X = torch.randn(8, 5)
Y = torch.randn(8, 1)
SYSTEM = random.SystemRandom()  # numbers that cannot be had twice
#: Name -> (the right verdict, a function that returns (loss_fn, params)).
CASES = {}


def case(expect):
    """Put a loss into the list, with the verdict that is right."""

    def put(function):
        CASES[function.__name__] = (expect, function)
        return function

    return put


def loss(expect, name=None, **makers):
    """Put a loss into the list; what its arguments are is told by their names.

    ``net`` is a small network, ``x`` its input, ``y`` its output and ``g`` the gradient of that.
    The parameters are those of ``net``, or ``w`` alone. What else is named, or is another one, is
    made for each check by the function of its name, which takes the network.
    """

    def put(function):
        names = inspect.signature(function).parameters

        def factory():
            made = {"net": makers.get("net", net0)(), "x": X.clone().requires_grad_()}
            made["w"] = torch.tensor([1.0, 2.0, -1.5], requires_grad=True)
            made |= {key: make(made["net"]) for key, make in makers.items() if key != "net"}

            def loss_fn():
                if "g" in names:
                    made["y"], made["g"] = pen(made["net"], made["x"])
                return function(**{name: made[name] for name in names})

            return loss_fn, [made["w"]] if "w" in names else made["net"].parameters()

        CASES[name or function.__name__] = (expect, factory)
        return function

    return put


def pen(net, x, cg=True):
    y = net(x)
    (g,) = torch.autograd.grad(y.sum(), x, create_graph=cg, retain_graph=True)
    return y, g


def adam(net):
    return torch.optim.Adam(net.parameters())


def sgd(net):
    return torch.optim.SGD(net.parameters(), 0.1)


def normed(norm):
    torch.manual_seed(0)
    return nn.Sequential(norm(nn.Linear(5, 16)), nn.LeakyReLU(0.2), norm(nn.Linear(16, 1)))


def noisy():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(5, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1)
    )


def layer_norm():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.LayerNorm(8), nn.Linear(8, 1)).double()


def zeros(net):
    return torch.zeros(3, requires_grad=True)


def wave(v):
    return (v.sin() * v).sum()


def frozen():
    net = net0()
    net[0].requires_grad_(False)
    return net


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = net0()
        self.register_buffer("mean", torch.zeros(()))


class RunningMean(Wrapped):
    def forward(self, x):
        y = self.net(x)
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * y.mean())
        return y


class Checkpointed(Wrapped):
    def forward(self, x):
        return torch.utils.checkpoint.checkpoint(self.net, x, use_reentrant=False)


#: Right losses, all of them the same, on other networks.
NETS = {
    "spectral": lambda: normed(nn.utils.parametrizations.spectral_norm),
    "spectral_old": lambda: normed(nn.utils.spectral_norm),
    "ckpt": Checkpointed,
    "compiled": lambda: torch.compile(net0(), backend="eager"),
    "running_mean": RunningMean,
    "frozen": frozen,
}
for name, net in NETS.items():
    loss(True, name, net=net)(lambda y, g: y.mean() + g.pow(2).sum())

loss(None, "nan_loss")(lambda y, g: (y.mean() - 1e9).sqrt() + g.pow(2).sum())
loss(None, "slow_nan_grad")(lambda w: (w * float("nan")).sum())
loss(False, "sqrt_zero", w=zeros)(lambda w: w.pow(2).sum().sqrt())
loss(False, "same_line_twice")(lambda w: (w.detach() * w * w.detach()).sum())
loss(True, "weight_norm_", net=lambda: normed(nn.utils.parametrizations.weight_norm))(
    lambda net: net(X).pow(2).mean()
)
loss(None, "nondeterministic")(lambda y, g: y.mean() + SYSTEM.random() * (g**2).sum())
loss(True, "multi_term_dict")(lambda y, g: {"fit": y.pow(2).mean(), "pen": 1e-8 * g.pow(2).sum()})
loss(True, "hessian_func")(lambda w: torch.func.hessian(wave)(w).pow(2).sum())
loss(True, "jvp_fwd")(lambda w: torch.func.jvp(wave, (w,), (torch.ones(3),))[1] ** 2)


@loss(True, o=adam)
def train_step(net, x, o):
    o.zero_grad()
    y, g = pen(net, x)
    loss = y.pow(2).mean() + 0.1 * g.pow(2).sum()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    o.step()
    return loss.item()


@loss(False, o=adam)
def train_step_cut(net, x, o):
    o.zero_grad()
    y, g = pen(net, x, False)
    loss = y.pow(2).mean() + 1e-6 * g.pow(2).sum()
    loss.backward()
    o.step()


@loss(True, o=lambda net: torch.optim.LBFGS(net.parameters()))
def lbfgs(net, x, o):
    o.zero_grad()
    y, g = pen(net, x)
    loss = y.pow(2).mean() + 0.1 * g.pow(2).sum()
    loss.backward()
    return loss


def gan(cg):
    D = net0(nn.LeakyReLU)
    G = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 5))
    od = torch.optim.Adam(D.parameters())
    og = torch.optim.Adam(G.parameters())

    def loader():
        while True:
            yield torch.randn(8, 5)

    it = loader()

    def step():
        real = next(it)
        fake = G(torch.randn(8, 3)).detach()
        e = torch.rand(8, 1)
        xh = (e * real + (1 - e) * fake).requires_grad_(True)
        out = D(xh)
        g = torch.autograd.grad(out, xh, torch.ones_like(out), create_graph=cg, retain_graph=True)[
            0
        ]
        d = D(fake).mean() - D(real).mean() + 10 * ((g.norm(2, dim=1) - 1) ** 2).mean()
        od.zero_grad()
        d.backward()
        od.step()
        logs = d.item()
        gl = -D(G(torch.randn(8, 3))).mean()
        og.zero_grad()
        gl.backward()
        og.step()
        return {"d": logs}

    return step, D.parameters()


CASES["gan_right"] = (True, lambda: gan(True))
CASES["gan_cut"] = (False, lambda: gan(False))


@loss(False)
def maml_sgd(net):
    fast = copy.deepcopy(net)
    o = torch.optim.SGD(fast.parameters(), lr=0.1)
    for _ in range(2):
        l = F.mse_loss(fast(X), Y)
        o.zero_grad()
        l.backward()
        o.step()
    return F.mse_loss(fast(X), Y)


@loss(True)
def maml_func(net):
    p = dict(net.named_parameters())
    for _ in range(2):
        gs = grad(lambda p: F.mse_loss(functional_call(net, p, X), Y))(p)
        p = {k: v - 0.1 * gs[k] for k, v in p.items()}
    return F.mse_loss(functional_call(net, p, X), Y)


@case(True)
def dict_params():
    net = net0()

    def loss(p):
        f = lambda x: functional_call(net, p, x[None])[0, 0]
        return vmap(grad(f))(X).pow(2).sum()

    return loss, {k: v.detach().requires_grad_() for k, v in net.named_parameters()}


@case(False)
def func_detach():
    net = net0()

    def loss(p):
        f = lambda x: functional_call(net, {k: v.detach() for k, v in p.items()}, x[None])[0, 0]
        return vmap(grad(f))(X).pow(2).sum() + functional_call(net, p, X).pow(2).sum()

    return loss, {k: v.detach().requires_grad_() for k, v in net.named_parameters()}


@loss(False)
def clip_inner(net, x):
    gs = torch.autograd.grad(net(x).pow(2).mean(), list(net.parameters()), create_graph=True)
    n = nn.utils.get_total_norm(gs)
    return net(x).pow(2).mean() + n


@loss(True, net=noisy)
def dropout_bn_amp(net, x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = net(x)
    (g,) = torch.autograd.grad(y.float().sum(), x, create_graph=True)
    return y.float().mean() + g.pow(2).sum()


@loss(False, net=noisy)
def amp_cut(net, x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = net(x)
    (g,) = torch.autograd.grad(y.float().sum(), x, create_graph=True)
    return y.float().mean() + 1e-4 * g.detach().pow(2).sum()


@loss(True, net=lambda: nn.Linear(5, 4))
def logsumexp_detached_max(net):
    z = net(X)
    m = z.max(1, keepdim=True).values.detach()
    return ((z - m).exp().sum(1).log() + m[:, 0] - z[:, 0]).mean()


@loss(True)
def branch_on_item(y, g):
    n = g.norm()
    if n.item() > 0.01:
        n = n * 2
    k = int(n.item() > 5)
    print(f"{n.item():.3f} {n:.2f}", float(n), n)
    return y.mean() + n + k


@loss(False, net=lambda: net0(dt=torch.float64), x=lambda net: X.double().requires_grad_())
def float_math(y, g):
    return y.pow(2).mean() + 1e-8 * math.sqrt(g.pow(2).sum())


@loss(False)
def loop_same_line(net):
    w = dict(net.named_parameters())
    for _ in range(5):
        g = torch.autograd.grad(F.mse_loss(functional_call(net, w, X), Y), list(w.values()))
        w = {k: v - 0.1 * a for (k, v), a in zip(w.items(), g)}
    return F.mse_loss(functional_call(net, w, X), Y)


class Hidden(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = x.exp()
        ctx.save_for_backward(x, e)
        return x * e

    @staticmethod
    def backward(ctx, gy):
        x, e = ctx.saved_tensors
        return gy * (e + x * e)


@loss(False)
def hidden_backward(net, x):
    y = Hidden.apply(net(x))
    (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.pow(2).mean() + 1e-8 * g.pow(2).sum()


class Bad(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x**2

    @staticmethod
    def backward(ctx, g):
        return g


@loss(False)
def hidden_outer(y, g):
    return y.pow(2).mean() + 1e-8 * Bad.apply(g).sum()


class Sq(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g


@loss(False)
def once(net, x):
    y = Sq.apply(net(x)).sum()
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    return y + g.pow(2).sum()


@loss(False, m=lambda net: torch.zeros(()))
def running_mean_used(net, m):
    y = net(X)
    m.mul_(0.9).add_(0.1 * y.mean().detach())
    return (y - m).pow(2).mean()


@loss(True)
def declared(net):
    y = net(X)
    t = (y * 2).detach()  # stop: intended
    with intended():
        u = y.mean().item()
    return (y - t).pow(2).mean() + u * y.mean()


@loss(False)
def data_inplace(w):
    l = (w**3).sum()
    (g,) = torch.autograd.grad(l, w, create_graph=True)
    w.data -= 0.1 * g
    return (w**2).sum()


@loss(False)
def detach_requires(net):
    h = net[:2](X)
    z = h.detach().requires_grad_()
    y = net[2:](z)
    y.sum().backward()
    return y.pow(2).mean() + z.grad.pow(2).sum()


@loss(False)
def param_of_g(y, g):
    p = nn.Parameter(g)
    return y.pow(2).mean() + p.pow(2).sum()


@loss(False)
def inference(y, g):
    with torch.inference_mode():
        n = g.pow(2).sum()
    return y.pow(2).mean() + n.clone()


@loss(
    True,
    net=lambda: nn.ModuleList([nn.LSTM(3, 4, batch_first=True), nn.Linear(4, 1)]),
    x=lambda net: torch.randn(2, 5, 3, requires_grad=True),
)
def lstm(net, x):
    y = net[1](net[0](x)[0])
    (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.mean() + g.pow(2).sum()


@case(True)
def complex_sparse():
    w = torch.randn(4, dtype=torch.cfloat, requires_grad=True)
    i = torch.tensor([[0, 1], [1, 0]])
    s = torch.sparse_coo_tensor(i, torch.tensor([1.0, 2.0]), (2, 2))
    v = torch.randn(2, requires_grad=True)

    def loss():
        (g,) = torch.autograd.grad((w.abs() ** 4).sum(), w, create_graph=True)
        return torch.view_as_real(g).pow(2).sum() + torch.sparse.mm(s, v[:, None]).pow(2).sum()

    return loss, [w, v]


@loss(False)
def functional_jac(net):
    J = torch.autograd.functional.jacobian(lambda x: net(x).sum(0), X)
    return net(X).pow(2).mean() + J.pow(2).sum()


@loss(True, target=copy.deepcopy)
def target_net(net, target):
    with torch.no_grad():
        t = target(X)
    return (net(X) - t).pow(2).mean()


@case(True)
def ddp():

    if not dist.is_initialized():
        dist.init_process_group(
            "gloo", init_method="file://" + tempfile.mktemp(), rank=0, world_size=1
        )
    net = net0()
    d = nn.parallel.DistributedDataParallel(net)
    x = X.clone().requires_grad_()
    o = torch.optim.SGD(net.parameters(), 0.1)

    def step():
        o.zero_grad()
        y = d(x)
        (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        l = y.pow(2).mean() + g.pow(2).sum()
        l.backward()
        o.step()

    return step, d.parameters()


@loss(True, hist=lambda net: [])
def lazy_print_new_tensor(net, hist):
    y = net(X)
    l = y.pow(2).mean()
    hist.append(l.item())
    hist.append(float(l))
    np.asarray(l.detach())
    w = torch.tensor(y.shape[0])
    return l / w


@loss(False)
def vat_undeclared(net):
    with torch.no_grad():
        p = F.softmax(net(X), 0)
    d = torch.randn_like(X).requires_grad_()
    F.kl_div(F.log_softmax(net(X + d), 0), p).backward()
    r = d.grad
    net.zero_grad()
    return F.kl_div(F.log_softmax(net(X + r), 0), p)


class Recording(torch.autograd.Function):
    """The third power, whose backward records itself, asked or not."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            return outer * 3 * x**2


@loss(True)
def recorded_by_the_function(w):
    (g,) = torch.autograd.grad(Recording.apply(w).sum(), w)
    return w.sum() + g.square().sum()


@loss(True)
def what_arrives_is_passed_on(w):
    (g,) = torch.autograd.grad(w + 1, w, w.square())
    return w.sum() + g.square().sum()


@loss(False)
def what_arrives_is_multiplied(w):
    (g,) = torch.autograd.grad(3 * w, w, w.square())
    return w.sum() + g.square().sum()


@loss(False)
def what_arrives_leaves_as_a_view(w):
    (g,) = torch.autograd.grad(w[None], w, w.square()[None])
    return w.sum() + g.square().sum()


@loss(False, u=lambda net: torch.tensor([2.0, 1.0, 1.0], requires_grad=True))
def what_arrives_is_passed_on_by_one_of_two(w, u):
    g, h = torch.autograd.grad(w + 3 * u, [w, u], w.square())
    return w.sum() + (g * h).sum()


@case(True)
def sched_reptile_copy():
    net = net0()
    o = torch.optim.SGD(net.parameters(), 0.1)
    s = torch.optim.lr_scheduler.StepLR(o, 1)

    def step():
        o.zero_grad(set_to_none=False)
        l = net(X).pow(2).mean()
        l.backward()
        o.step()
        s.step()

    return step, net


@case(True)
def one_param():
    a = torch.tensor(1.0, requires_grad=True)

    def loss():
        (g,) = torch.autograd.grad(a**2 * 2, a, create_graph=True)
        return (a + g) * 2

    return loss, a


@case(False)
def one_param_cut():
    a = torch.tensor(1.0, requires_grad=True)

    def loss():
        (g,) = torch.autograd.grad(a**2 * 2, a)
        return (a + g) * 2

    return loss, [a]


class Functions(TorchFunctionMode):
    def __torch_function__(self, f, t, a=(), k=None):
        return f(*a, **(k or {}))


@loss(False)
def nested_mode(net, x):
    with Functions():
        y, g = pen(net, x)
        return y.mean() + (g.detach() ** 2).sum()


class Dispatched(TorchDispatchMode):
    def __torch_dispatch__(self, f, t, a=(), k=None):
        return f(*a, **(k or {}))


@loss(True)
def dispatch_mode(net, x):
    with Dispatched():
        y, g = pen(net, x)
        return y.mean() + (g**2).sum()


@loss(
    True,
    batches=lambda net: iter(DataLoader(TensorDataset(torch.randn(64, 5)), 8, shuffle=True)),
)
def loader_inside(net, batches):
    (x,) = next(batches)
    x.requires_grad_()
    y, g = pen(net, x)
    return y.mean() + (g**2).sum()


@loss(True, n=lambda net: [0])
def counted(net, n):
    n[0] += 1
    x = (X + n[0]).requires_grad_()
    y, g = pen(net, x)
    return y.mean() + (g**2).sum()


@loss(False, n=lambda net: [0])
def nondeterministic_cut(net, n):
    n[0] += 1
    x = (X + 0.001 * n[0]).requires_grad_()
    y, g = pen(net, x, False)
    return y.mean() + (g**2).sum()


@case(True)
def nonleaf_params():
    base = torch.randn(4, requires_grad=True)
    w = base * 2

    def loss():
        (g,) = torch.autograd.grad((w**3).sum(), w, create_graph=True)
        return g.pow(2).sum()

    return loss, [w]


@loss(True, net=lambda: nn.Embedding(5, 3), cnt=lambda net: torch.zeros(5, dtype=torch.long))
def ints(net, cnt):
    i = torch.tensor([1, 2])
    cnt[i] += 1
    e = net(i)
    return (e**2).sum() / int(i.max())


@loss(False)
def tensor_hook_cut(net, x):
    y = net(x)
    got = []
    h = y.register_hook(lambda g: got.append(g) or g * 1.0)
    (g,) = torch.autograd.grad(y.pow(2).sum(), x, create_graph=True)
    return y.mean() + g.detach().pow(2).sum()


@loss(False)
def hook_detaches(net, x):
    y = net(x)
    h = y.register_hook(lambda g: g.detach())
    (g,) = torch.autograd.grad(y.pow(2).sum(), x, create_graph=True)
    return y.mean() + 1e-6 * g.pow(2).sum()


@loss(False)
def alternate(w):
    a = (w**2).detach()
    with torch.no_grad():
        b = a * w
    return (b * w).sum()


@loss(False)
def in_row(net, x):
    (g,) = torch.autograd.grad(net(x).sum(), x)
    g = g.detach()
    g = g.clone().data
    return net(x).pow(2).mean() + 1e-8 * g.pow(2).sum()


@loss(False, t=copy.deepcopy)
def ema_teacher_of_self(net, t):
    with torch.no_grad():
        for a, b in zip(t.parameters(), net.parameters()):
            a.mul_(0.9).add_(b, alpha=0.1)
    return (net(X) - t(X).detach()).pow(2).mean() + net(X).mean()


@case(True)
def ste():
    net = net0()

    def loss():
        h = net[:2](X)
        q = h + (h.round() - h).detach()  # stop: intended
        return net[2:](q).pow(2).mean()

    return loss, [*net[2:].parameters()]


@loss(True, o=sgd)
def grad_accum(net, o):
    o.zero_grad()
    for i in range(3):
        (net(X + i).pow(2).mean() / 3).backward()
    o.step()


@loss(True, o=sgd, sc=lambda net: torch.amp.GradScaler("cpu"))
def scaler(net, o, sc):
    o.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        l = net(X).float().pow(2).mean()
    sc.scale(l).backward()
    sc.unscale_(o)
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    sc.step(o)
    sc.update()


@loss(True)
def tuple_losses_item(net):
    y = net(X)
    return y.pow(2).mean(), y.mean().item(), {"a": 1}


@case(True)
def method_loss():
    class T:
        def __init__(s):
            s.net = net0()
            s.it = iter([X + i for i in range(100)])

        def loss(s):
            return s.net(next(s.it)).pow(2).mean()

    t = T()
    return t.loss, t.net.parameters()


@loss(True, c=lambda net: torch.tensor(np.array([1.0, 2, 3, 4, 5])))
def float64_mixed_const(net, c):
    return (net(X * c.float()) ** 2).mean()


@loss(True, o=sgd)
def clip_after_norm_data(net, o):
    l = net(X).pow(2).mean()
    o.zero_grad()
    l.backward()
    for p in net.parameters():
        p.grad.data.clamp_(-1, 1)
    for p in net.parameters():
        p.data.add_(p.grad.data, alpha=-0.1)
    return l.item()


@loss(False, x=lambda net: torch.randn(3, requires_grad=True))
def vjp_backward_read(w, x):
    x.grad = None
    l = ((x * w) ** 2).sum()
    l.backward(retain_graph=True)
    return l + x.grad.pow(2).sum()


@loss(False)
def deepcopy_used(net):
    t = copy.deepcopy(net)
    return (net(X) - 2 * t(X)).pow(2).mean()


@loss(False)
def state_dict_used(net):
    sd = {k: v * 1.0 for k, v in net.state_dict().items()}
    return functional_call(net, sd, X).pow(2).mean() + net(X).pow(2).mean()


@loss(False, net=layer_norm)
def third_order_layernorm(net):
    x = torch.linspace(-1, 1, 7, dtype=torch.float64)[:, None].requires_grad_()
    u = net(x)
    (ux,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    (uxx,) = torch.autograd.grad(ux.sum(), x, create_graph=True)
    return (uxx + 1).pow(2).mean()


@loss(True, net=lambda: nn.Linear(5, 4))
def shift_by_a_number(net):
    z = net(X)
    m = z.max().item()
    return ((z - m).exp().sum(1).log() + m - z[:, 0]).mean()


@case(True)
def generator_beside_its_critic():
    critic, generator = net0(nn.LeakyReLU), nn.Linear(3, 5)
    steps = [torch.optim.Adam(n.parameters()) for n in (critic, generator)]

    def step():
        fake = generator(torch.randn(8, 3))
        losses = (
            F.softplus(critic(fake.detach())).mean() + F.softplus(-critic(X)).mean(),
            lambda: F.softplus(-critic(fake)).mean(),
        )
        for o, l in zip(steps, losses):
            o.zero_grad()
            (l() if callable(l) else l).backward()
            o.step()

    return step, generator.parameters()


def closure_in_the_step(cut):
    net = net0()
    o = torch.optim.LBFGS(net.parameters(), max_iter=3, line_search_fn="strong_wolfe")

    def closure():
        o.zero_grad()
        y, g = pen(net, X.clone().requires_grad_(), not cut)
        l = y.pow(2).mean() + 1e-5 * g.pow(2).sum()
        l.backward()
        return l

    return lambda: o.step(closure), net.parameters()


CASES["closure_right"] = (True, lambda: closure_in_the_step(False))
CASES["closure_cut"] = (False, lambda: closure_in_the_step(True))


@loss(None)
def reentrant(net, x):
    torch.utils.checkpoint.checkpoint(net, x, use_reentrant=True).pow(2).mean().backward()


@loss(True, net=lambda: nn.ModuleList([nn.Embedding(50, 5, sparse=True), net0()]))
def sparse_gradients(net):
    y, g = pen(net[1], net[0](torch.arange(6)))
    (y.pow(2).mean() + 1e-2 * g.pow(2).sum()).backward()


@case(True)
def implicit_layer():
    inner, outer = nn.Linear(6, 6), nn.Linear(5, 6)
    inner.weight.data.mul_(0.4)

    def follow(z):
        return torch.tanh(inner(z) + outer(X))

    def solve(step, z):
        for _ in range(200):
            z = step(z)
        return z

    def loss():
        with torch.no_grad():
            fixed = solve(follow, torch.zeros(8, 6))
        z0 = fixed.clone().requires_grad_()
        f0, z = follow(z0), follow(fixed)
        pull = lambda v, g: torch.autograd.grad(f0, z0, v, retain_graph=True)[0] + g
        z.register_hook(lambda g: solve(lambda v: pull(v, g), g))
        return z.pow(2).sum()

    return loss, [*inner.parameters(), *outer.parameters()]


@loss(True)
def gradient_in_a_hook(net, x):
    got = []
    h = net[:2](x)
    h.register_hook(got.append)
    y = net[2:](h)
    y.pow(2).sum().backward(create_graph=True)
    for p in net.parameters():
        p.grad = None
    return y.pow(2).mean() + 1e-2 * got[0].pow(2).sum()


@loss(False)
def grad_of_the_parameters_used(net):
    l = net(X).pow(2).mean()
    l.backward(retain_graph=True)
    g = sum(p.grad.pow(2).sum() for p in net.parameters())
    for p in net.parameters():
        p.grad = None
    return l + 1e-3 * g


@case(True)
def state_of_all_kinds():
    net, held = net0(), {"step": 0, "seen": []}
    rng, batches = np.random.default_rng(0), iter([255 * X for _ in range(4)])
    mean = torch.zeros(5)

    def loss():
        nonlocal mean
        x = next(batches).div_(255)
        mean = 0.9 * mean + 0.1 * x.mean(0)
        held["step"] += 1
        held["seen"].append(rng.random())
        y, g = pen(net, (x - mean).requires_grad_())
        return y.pow(2).mean() + 1e-4 * held["step"] * len(held["seen"]) * g.pow(2).sum()

    return loss, net.parameters()


# Cuts of which no call tells, at a coefficient where the whole slope tells nothing either.


@torch.jit.script
def scripted(g: torch.Tensor) -> torch.Tensor:
    """What a script does is not seen from Python."""
    return g.detach() * 2.0


@loss(False)
def cut_in_a_script(y, g):
    return y.pow(2).mean() + 1e-6 * scripted(g).pow(2).sum()


@loss(False)
def added_in_place_after_a_script(y, g):
    total = y.pow(2).mean()
    total += 1e-6 * scripted(g).pow(2).sum()
    total *= 2
    return total


@loss(True)
def many_summands(y, g):
    total = y.pow(2).mean()
    for row in g:
        for slope in row:
            total = total + 1e-3 * slope**2
            total += 1e-4 * slope
    return total


@loss(False)
def cut_in_a_thread(y, g):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        doubled = pool.submit(lambda: g.detach() * 2).result()
    return y.pow(2).mean() + 1e-6 * doubled.pow(2).sum()


@loss(False)
def cut_by_an_end_of_a_line(y, g):
    return y.pow(2).mean() + 1e-6 * torch.linspace(0.0, g.norm(), 4).pow(2).sum()


@loss(False)
def first_argument_of_out(y, g):
    doubled = torch.empty_like(g)
    torch.mul(g.detach(), 2, out=doubled)
    return y.pow(2).mean() + 1e-6 * doubled.pow(2).sum()


@loss(False)
def parameter_without_gradient(y, g):
    kept = nn.Parameter(g.data, requires_grad=False)
    return y.pow(2).mean() + 1e-6 * kept.pow(2).sum()


def drawn(declared):
    """A policy gradient of numbers drawn around a mean, which PyTorch gives no gradient."""
    policy, deviation = nn.Linear(5, 2), nn.Parameter(torch.zeros(2))

    def loss():
        around = torch.distributions.Normal(policy(X), deviation.exp())
        with intended() if declared else contextlib.nullcontext():
            action = around.sample()
        reward = -action.pow(2).sum(1)
        return -(around.log_prob(action).sum(1) * (reward - reward.mean())).mean()

    return loss, [*policy.parameters(), deviation]


CASES["drawn_declared"] = (True, lambda: drawn(True))
CASES["drawn_undeclared"] = (False, lambda: drawn(False))


@case(True)
def running_statistics_used_later():
    net = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 1))

    def loss():
        first = net.train()(X).pow(2).mean()
        return first + net.eval()(X).mean()

    return loss, net


@case(False)
def told_to_require_no_gradient():
    net = net0()

    def loss():
        net.requires_grad_(False)
        _, g = pen(net, X.clone().requires_grad_())
        return g.pow(2).sum()

    return loss, list(net.parameters())


def gumbel(declared):
    """The stop of a hard Gumbel softmax is inside of a function that no call shows."""
    net, head = nn.Linear(5, 4), nn.Linear(4, 1)

    def loss():
        with intended() if declared else contextlib.nullcontext():
            z = F.gumbel_softmax(net(X), 0.7, hard=True)
        return head(z).pow(2).mean()

    return loss, [*net.parameters(), *head.parameters()]


CASES["gumbel_declared"] = (True, lambda: gumbel(True))
CASES["gumbel_undeclared"] = (False, lambda: gumbel(False))


def reparameterized(family, count):
    """Draws to which PyTorch gives a gradient that is no derivative of the draw itself."""
    net, head = nn.Linear(5, 3 * count), nn.Linear(3, 1)

    def loss():
        given = [F.softplus(t) + 0.5 for t in net(X).chunk(count, 1)]
        return head(family(*given).rsample()).pow(2).mean()

    return loss, [*net.parameters(), *head.parameters()]


for _name, _count in (("Gamma", 2), ("Beta", 2), ("Dirichlet", 1), ("StudentT", 1)):
    _family = getattr(torch.distributions, _name)
    CASES[f"drawn_from_{_name}"] = (True, lambda f=_family, n=_count: reparameterized(f, n))


@loss(False)
def cut_in_nested_terms(y, g):
    return {"fit": y.pow(2).mean(), "parts": [1e-8 * g.detach().pow(2).sum(), {"b": y.var()}]}


@case(True)
def clipped_before_the_loss():
    """The weights are put into their bounds at the start of the step, as in the first WGAN."""
    net = net0()
    o = torch.optim.RMSprop(net.parameters())

    def step():
        for p in net.parameters():
            p.data.clamp_(-0.1, 0.1)
        y = net(X)
        o.zero_grad()
        (y.mean() - net(-X).pow(2).mean()).backward()
        o.step()

    return step, net


@case(True)
def embedding_with_a_bound():
    table, bag = nn.Embedding(9, 5, max_norm=1.0), nn.EmbeddingBag(9, 5, max_norm=0.5)
    net = net0()

    def loss():
        return net(table(torch.arange(9)) + bag(torch.arange(9)[:, None])).pow(2).mean()

    return loss, [*table.parameters(), *bag.parameters(), *net.parameters()]


def logged_beside_a_critic(cut):
    """A generator whose critic is trained first and whose numbers are logged."""
    critic, generator = net0(nn.LeakyReLU), nn.Linear(3, 5)
    steps = [torch.optim.Adam(n.parameters()) for n in (critic, generator)]

    def step():
        fake = generator(torch.randn(8, 3))
        l = F.softplus(critic(fake.detach())).mean() + F.softplus(-critic(X)).mean()
        steps[0].zero_grad()
        l.backward()
        steps[0].step()
        logged = l.item()
        steps[1].zero_grad()
        y = critic(fake)
        (F.softplus(-y).mean() * (y.mean().detach() if cut else y.mean())).backward()
        steps[1].step()
        return {"d": logged}

    return step, generator.parameters()


CASES["logged_critic_right"] = (True, lambda: logged_beside_a_critic(False))
CASES["logged_critic_cut"] = (False, lambda: logged_beside_a_critic(True))


@loss(False)
def detached_and_written_by_out(y, g):
    doubled, d = torch.empty_like(g), g.detach()
    with torch.no_grad():
        torch.mul(d, 2, out=doubled)
    return y.pow(2).mean() + 1e-6 * doubled.pow(2).sum()


@case(True)
def clipping_beside_a_teacher():
    student, teacher = net0(), net0(nn.ReLU)
    optimizer = sgd(student)

    def step():
        with torch.no_grad():
            soft = teacher(X)
        loss = F.mse_loss(student(X), Y) + F.mse_loss(student(X), soft)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()

    return step, student.parameters()


@case(True)
def a_declared_weight_made_of_cut_gradients():
    net = net0()

    def loss():
        y, g = pen(net, X.clone().requires_grad_())
        inner, outer = (g - 1).pow(2).mean(), (y - Y).pow(2).mean()
        (a,) = torch.autograd.grad(inner, net[0].weight, retain_graph=True)
        (b,) = torch.autograd.grad(outer, net[0].weight, retain_graph=True)
        ratio = (a.abs().max() / b.abs().mean()).item()  # stop: intended
        return inner + ratio * outer

    return loss, net


@case(True)
def a_penalty_on_the_gradients_of_an_earlier_pass():
    net = net0()
    optimizer = sgd(net)

    def step():
        optimizer.zero_grad()
        F.mse_loss(net(X), Y).backward(create_graph=True)
        sum(p.grad.pow(2).sum() for p in net.parameters()).backward()
        optimizer.step()

    return step, net.parameters()


@loss(True, o=adam)
def put_on_a_sphere_before_the_loss(net, x, o):
    with torch.no_grad():
        for p in net.parameters():
            p.div_(p.norm() + 1e-6)
    y, g = pen(net, x)
    loss = y.pow(2).mean() + 1e-4 * g.pow(2).sum()
    o.zero_grad()
    loss.backward()
    o.step()


@loss(True, o=sgd)
def scaled_by_a_number_before_the_loss(net, o):
    for p in net.parameters():
        p.data /= p.norm().item()
    net(X).pow(2).mean().backward()
    o.step()


@case(False)
def tied_by_a_copy():
    one, other = nn.Linear(5, 5), nn.Linear(5, 5)

    def loss():
        with torch.no_grad():
            other.weight.copy_(one.weight)
        return other(one(X).tanh()).pow(2).mean()

    return loss, [*one.parameters(), *other.parameters()]


@loss(True, o=sgd)
def perturbed_in_place_declared(net, o):
    with intended():
        slopes = torch.autograd.grad(net(X).pow(2).mean(), list(net.parameters()))
        with torch.no_grad():
            for p, slope in zip(net.parameters(), slopes):
                p.add_(0.1 * slope)
    o.zero_grad()
    net(X).pow(2).mean().backward()
    with torch.no_grad():
        for p, slope in zip(net.parameters(), slopes):
            p.sub_(0.1 * slope)
    o.step()


@dataclasses.dataclass
class Output:
    loss: torch.Tensor
    penalty: torch.Tensor
    seen: int = 0


@loss(False)
def cut_in_a_dataclass(y, g):
    return Output(y.pow(2).mean(), 1e-8 * g.detach().pow(2).sum())


def unrecorded(slope, declared=False):
    """A slope by torch.func where no gradients are recorded, at a point that moves."""

    def factory():
        net = net0()

        def loss():
            hidden = net[0](X)
            with torch.no_grad(), intended() if declared else contextlib.nullcontext():
                g = slope(lambda h: net[1:](h).pow(2).sum(), hidden)
            return net(X).pow(2).mean() + 1e-4 * (g.pow(2).sum() + g.mean() * hidden.mean())

        return loss, net

    return factory


for _name, _slope in {
    "grad": lambda f, h: grad(f)(h),
    "vjp": lambda f, h: torch.func.vjp(f, h)[1](torch.ones(()))[0],
    "jacrev": lambda f, h: torch.func.jacrev(f)(h),
    "jvp": lambda f, h: torch.func.jvp(f, (h,), (torch.ones_like(h),))[1],
}.items():
    CASES[f"{_name}_unrecorded"] = (False, unrecorded(_slope))
    CASES[f"{_name}_unrecorded_declared"] = (True, unrecorded(_slope, True))


@loss(False)
def pulled_back_unrecorded(w):
    value, pull = torch.func.vjp(lambda v: (w * v.sin()).sum(), torch.ones(3))
    with torch.no_grad():
        (g,) = pull(torch.ones(()))
    return w.sum() * value + 1e-4 * g.pow(2).sum()


@loss(None, w=lambda net: torch.tensor([1.0, float("nan")], requires_grad=True))
def a_parameter_that_is_nan(w):
    return w.pow(2).sum()


def rounded_on_the_way(cut):
    """A penalty in half precision, whose steps are larger than those of the differences."""
    net = net0()

    def loss():
        x = X[:1].double().requires_grad_()
        y = net(x.float()).double()
        (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        g = g.float().detach() if cut else g.float()
        return y.pow(2).mean().float() + g.half().float().pow(2).sum()

    return loss, net


CASES["rounded_right"] = (True, lambda: rounded_on_the_way(False))
CASES["rounded_cut"] = (False, lambda: rounded_on_the_way(True))


def coder():
    torch.manual_seed(0)
    return nn.Linear(5, 4)


@loss(True, net=coder, codes=lambda net: torch.randn(6, 4))
def codes_that_follow_their_inputs(net, codes):
    """A number that moves the choice of a code makes jumps, which grow, but are no slope."""
    z = net(X)
    with torch.no_grad():
        nearest = torch.cdist(z, codes).argmin(1)
        chosen = codes[nearest]
        codes.lerp_(F.one_hot(nearest, 6).float().T @ z, 0.01)
    return (z - chosen).pow(2).mean()


@loss(False)
def detached_below_vmap_small(net):
    def curved(v):
        g = grad(lambda u: net(u).sum())(v)
        return (g * g.detach()).sum()

    return 30 * net(X).pow(2).mean() + 1e-8 * vmap(curved)(X).mean()


@loss(True, o=adam)
def asleep_after_its_step(net, x, o):
    """As StyleGAN's loop over phases does."""
    net.requires_grad_(True)
    y, g = pen(net, x)
    (y.mean() + 1e-4 * g.pow(2).sum()).backward()
    net.requires_grad_(False)
    o.step()


def history_before(cut):
    """Inputs that a view gave their history, as PINNs have them."""
    net, t = net0(d=1), torch.linspace(0, 1, 8, requires_grad=True).reshape(-1, 1)

    def loss():
        y, g = pen(net, t)
        penalty = g.pow(2).mean()
        return y.pow(2).mean() + 1e-8 * (float(penalty) if cut else penalty)

    return loss, net


CASES["history_before_right"] = (True, lambda: history_before(False))
CASES["history_before_cut"] = (False, lambda: history_before(True))


@loss(False)
def variable_again(y, g):
    return y.pow(2).mean() + 1e-8 * torch.autograd.Variable(g, requires_grad=True).pow(2).mean()


@loss(False)
def unseen_in_a_sum_of_shape_one(y, g):
    line = torch.linspace(0.0, g.norm(), 4)
    return y.pow(2).mean(0) + 1e-8 * line.pow(2).sum(0, keepdim=True)


@loss(True, o=adam)
def penalty_on_a_grad(net, x, o):
    """The last pass adds to ``x.grad`` as well, which the penalty is made of."""
    x = X.clone().requires_grad_()
    y = net(x)
    y.sum().backward(create_graph=True, inputs=[x])
    loss = y.pow(2).mean() + 1e-4 * x.grad.pow(2).sum()
    o.zero_grad()
    loss.backward()
    o.step()


@loss(True)
def expanded_on_purpose(net, x):
    with intended():
        (g,) = torch.autograd.grad(net(x).mean().detach() * x.sum(), x)
    return (net(x) - g[:, :1]).pow(2).mean()
