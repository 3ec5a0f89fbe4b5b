"""Losses as people write them, each right; ``breaks.py`` breaks them line by line.

Each function takes the coefficient of its penalty and returns (loss_fn, params). A comment at the
end of a line names what that line computes, which is where a break can be put in: ``# g`` an
inner gradient, ``# gs`` several of them, ``# pen`` the penalty as a number.
"""

# ruff: noqa: B905, F841, RUF007

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call, vmap
from torch.nn.utils.parametrizations import spectral_norm
from torch.utils.checkpoint import checkpoint

LOSSES = {}


def loss(function):
    """Put a loss into the matrix."""
    LOSSES[function.__name__] = function
    return function


def mlp(*sizes, act=nn.Tanh):
    """Fully connected layers of these sizes."""
    layers = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), act())]
    return nn.Sequential(*layers[:-1])


def leaky():
    """The activation of most critics."""
    return nn.LeakyReLU(0.2)


def critic(norm=nn.Identity):
    """A small convolutional critic of images of 8 by 8."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, 2, 1), norm(), leaky(), nn.Conv2d(6, 6, 3, 2, 1), norm(), leaky(),
        nn.Flatten(), nn.Linear(24, 1),
    )  # fmt: skip


def mix(real, fake):
    """Points between real and fake samples."""
    eps = torch.rand(len(real), *[1] * (real.dim() - 1))
    return (eps * real + (1 - eps) * fake).requires_grad_()


@loss
def wgan_gp(c):
    net, real, fake = mlp(4, 24, 24, 1, act=leaky), torch.randn(8, 4), torch.randn(8, 4)

    def loss_fn():
        x = mix(real, fake)
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = ((g.norm(2, dim=1) - 1) ** 2).mean()  # pen
        return net(fake).mean() - net(real).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def wgan_gp_generated(c):
    net, gen, real = mlp(4, 16, 1, act=leaky), mlp(3, 8, 4, act=nn.ReLU), torch.randn(8, 4)

    def loss_fn():
        fake = gen(torch.randn(8, 3)).detach()
        x = mix(real, fake)
        out = net(x)
        g = torch.autograd.grad(out, x, torch.ones_like(out), create_graph=True)[0]  # g
        pen = ((g.flatten(1).norm(2, dim=1) - 1) ** 2).mean()  # pen
        return net(fake).mean() - net(real).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def wgan_gp_instance_norm(c):
    net = critic(lambda: nn.InstanceNorm2d(6, affine=True))
    real, fake = torch.randn(6, 1, 8, 8), torch.randn(6, 1, 8, 8)

    def loss_fn():
        x = mix(real, fake)
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = ((g.flatten(1).norm(2, dim=1) - 1) ** 2).mean()  # pen
        return net(fake).mean() - net(real).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def wgan_gp_layer_norm(c):
    net = nn.Sequential(nn.Linear(4, 16), nn.LayerNorm(16), leaky(), nn.Linear(16, 1))
    real, fake = torch.randn(8, 4), torch.randn(8, 4)

    def loss_fn():
        x = mix(real, fake)
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = ((g.norm(2, dim=1) - 1) ** 2).mean()  # pen
        return net(fake).mean() - net(real).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def wgan_gp_spectral_norm(c):
    layers = [spectral_norm(nn.Linear(4, 16)), leaky(), spectral_norm(nn.Linear(16, 1))]
    net, real, fake = nn.Sequential(*layers), torch.randn(8, 4), torch.randn(8, 4)

    def loss_fn():
        x = mix(real, fake)
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = ((g.norm(2, dim=1) - 1) ** 2).mean()  # pen
        return F.relu(1 + net(fake)).mean() + F.relu(1 - net(real)).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def r1(c):
    net, real, fake = critic(), torch.randn(6, 1, 8, 8), torch.randn(6, 1, 8, 8)

    def loss_fn():
        x = real.clone().requires_grad_()
        pred = net(x)
        g = torch.autograd.grad(pred.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).flatten(1).sum(1).mean()  # pen
        return F.softplus(-pred).mean() + F.softplus(net(fake)).mean() + c / 2 * pen

    return loss_fn, net.parameters()


@loss
def lazy_r1(c, every=16):
    net, real = critic(), torch.randn(6, 1, 8, 8)

    def loss_fn(step=0):
        adversarial = F.softplus(-net(real)).mean()
        if step % every:
            return adversarial
        x = real.detach().requires_grad_()
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).flatten(1).sum(1).mean()  # pen
        return adversarial + c * every * pen

    return loss_fn, net.parameters()


@loss
def path_length(c):
    gen, mean = mlp(4, 16, 16, 12, act=leaky), torch.zeros(())

    def loss_fn():
        z = torch.randn(6, 4, requires_grad=True)
        images = gen(z)
        noise = torch.randn_like(images) / 12**0.5
        g = torch.autograd.grad((images * noise).sum(), z, create_graph=True)[0]  # g
        lengths = g.pow(2).sum(1).add(1e-8).sqrt()
        moved = mean + 0.01 * (lengths.mean() - mean)
        pen = (lengths - moved).pow(2).mean()  # pen
        mean.copy_(moved.detach())
        return images.pow(2).mean() + c * pen

    return loss_fn, gen.parameters()


@loss
def dragan(c):
    net, real = mlp(4, 16, 1, act=nn.SiLU), torch.randn(8, 4)

    def loss_fn():
        x = (real + 0.5 * real.std() * torch.rand_like(real)).requires_grad_()
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = ((g.norm(2, dim=1) - 1) ** 2).mean()  # pen
        return F.softplus(-net(real)).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def transformer(c):
    block = nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True)
    head, x0 = nn.Linear(8, 1), torch.randn(3, 5, 8)

    def loss_fn():
        x = x0.clone().requires_grad_()
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
            out = head(block(x)).mean((1, 2))
        g = torch.autograd.grad(out.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).sum((1, 2)).mean()  # pen
        return out.pow(2).mean() + c * pen

    return loss_fn, [*block.parameters(), *head.parameters()]


@loss
def unet_batch_norm(c):
    down = nn.Sequential(nn.Conv2d(1, 4, 3, 1, 1), nn.BatchNorm2d(4), nn.ReLU())
    deep = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(4, 4, 3, 1, 1), nn.BatchNorm2d(4), nn.ReLU())
    up, out = nn.ConvTranspose2d(4, 4, 2, 2), nn.Conv2d(8, 1, 1)
    net, x0 = nn.ModuleList([down, deep, up, out]), torch.randn(3, 1, 8, 8)

    def loss_fn():
        x = x0.clone().requires_grad_()
        skip = down(x)
        y = out(torch.cat([skip, up(deep(skip))], 1))
        g = torch.autograd.grad(y.pow(2).sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).mean()  # pen
        return F.mse_loss(y, x0) + c * pen

    return loss_fn, net.parameters()


@loss
def lstm(c):
    cell, head, x0 = nn.LSTM(3, 6, batch_first=True), nn.Linear(6, 1), torch.randn(3, 4, 3)

    def loss_fn():
        x = x0.clone().requires_grad_()
        y = head(cell(x)[0][:, -1])
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).sum()  # pen
        return y.pow(2).mean() + c * pen

    return loss_fn, [*cell.parameters(), *head.parameters()]


@loss
def maml(c):
    net, xs, ys, xq, yq = mlp(3, 12, 1), *[torch.randn(6, n) for n in (3, 1, 3, 1)]

    def loss_fn():
        fast = dict(net.named_parameters())
        for _ in range(2):
            inner = F.mse_loss(functional_call(net, fast, xs), ys)
            gs = torch.autograd.grad(inner, list(fast.values()), create_graph=True)  # gs
            fast = {k: w - 0.1 * g for (k, w), g in zip(fast.items(), gs)}
        pen = F.mse_loss(functional_call(net, fast, xq), yq)  # pen
        return F.mse_loss(net(xs), ys) + c * pen

    return loss_fn, net.parameters()


@loss
def maml_batch_norm(c):
    net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 4))
    tasks = [(torch.randn(8, 3), torch.arange(8) % 4) for _ in range(2)]

    def loss_fn():
        total = 0
        for x, y in tasks:
            params = list(net.parameters())
            inner = F.cross_entropy(net(x), y)
            gs = torch.autograd.grad(inner, params, create_graph=True)  # gs
            names = [n for n, _ in net.named_parameters()]
            fast = {n: p - 0.4 * g for n, p, g in zip(names, params, gs)}
            pen = F.cross_entropy(functional_call(net, fast, x), y)  # pen
            total = total + c * pen
        return total + net(tasks[0][0]).pow(2).mean()

    return loss_fn, net


@loss
def maml_functional(c):
    net, x, y = mlp(3, 8, 1, act=nn.Softplus), torch.randn(6, 3), torch.randn(6, 1)

    def loss_fn(params):
        fast = params
        for _ in range(2):
            slope = torch.func.grad(lambda p: F.mse_loss(functional_call(net, p, x), y))(fast)
            gs = list(slope.values())  # gs
            fast = {k: w - 0.1 * g for (k, w), g in zip(fast.items(), gs)}
        pen = F.mse_loss(functional_call(net, fast, x), y)  # pen
        return functional_call(net, params, x).pow(2).mean() + c * pen

    return loss_fn, {k: p.detach().clone().requires_grad_() for k, p in net.named_parameters()}


@loss
def reptile(c):
    net, x, y = mlp(3, 8, 1), torch.randn(6, 3), torch.randn(6, 1)

    def loss_fn():
        fast = {k: p.detach().requires_grad_() for k, p in net.named_parameters()}  # stop: intended
        for _ in range(3):
            inner = F.mse_loss(functional_call(net, fast, x), y)
            slopes = torch.autograd.grad(inner, list(fast.values()))  # stop: intended
            fast = {k: w - 0.1 * g for (k, w), g in zip(fast.items(), slopes)}
        pairs = zip(net.parameters(), fast.values())
        return sum((p - w.detach()).pow(2).sum() / 2 for p, w in pairs)  # stop: intended

    return loss_fn, net.parameters()


@loss
def pinn_heat(c):
    net, points = mlp(2, 12, 12, 1), torch.rand(10, 2)

    def loss_fn():
        x, t = points[:, :1].clone().requires_grad_(), points[:, 1:].clone().requires_grad_()
        u = net(torch.cat([x, t], 1))
        u_x, u_t = torch.autograd.grad(u.sum(), (x, t), create_graph=True)
        g = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]  # g
        pen = (u_t - 0.1 * g).pow(2).mean()  # pen
        return net(points * torch.tensor([1.0, 0.0])).pow(2).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def pinn_burgers(c):
    net, points = mlp(2, 10, 10, 1), torch.rand(8, 2)

    def loss_fn():
        z = points.clone().requires_grad_()
        u = net(z)
        g = torch.autograd.grad(u.sum(), z, create_graph=True)[0]  # g
        u_xx = torch.autograd.grad(g[:, 0].sum(), z, create_graph=True)[0][:, :1]
        pen = (g[:, 1:] + u * g[:, :1] - 0.01 * u_xx).pow(2).mean()  # pen
        return u.pow(2).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def forces(c):
    emb, net = nn.Embedding(3, 4), mlp(9, 12, 1, act=nn.SiLU)
    kinds, at, truth = torch.randint(3, (2, 4)), torch.randn(2, 4, 3), torch.randn(2, 4, 3)
    centers = torch.linspace(0, 4, 5)

    def loss_fn():
        r = at.clone().requires_grad_()
        d = (r[:, :, None] - r[:, None] + 1e-6).norm(dim=-1)
        near = torch.exp(-((d[..., None] - centers) ** 2)).sum(2)
        energy = net(torch.cat([emb(kinds), near], -1)).sum((1, 2))
        g = torch.autograd.grad(energy.sum(), r, create_graph=True)[0]  # g
        pen = F.mse_loss(-g, truth)  # pen
        return energy.pow(2).mean() + c * pen

    return loss_fn, [*emb.parameters(), *net.parameters()]


@loss
def score_matching(c):
    net, data = mlp(3, 12, 3, act=nn.Softplus), torch.randn(6, 3)

    def loss_fn():
        x = data.clone().requires_grad_()
        score = net(x)
        trace = 0
        for i in range(3):
            g = torch.autograd.grad(score[:, i].sum(), x, create_graph=True)[0]  # g
            trace = trace + g[:, i]
        pen = trace.mean()  # pen
        return score.pow(2).sum(1).mean() / 2 + c * pen

    return loss_fn, net.parameters()


@loss
def sliced_score_matching(c):
    net, data = mlp(3, 12, 3), torch.randn(6, 3)

    def loss_fn():
        x, v = data.clone().requires_grad_(), torch.randn(6, 3)
        score = net(x)
        g = torch.autograd.grad((score * v).sum(), x, create_graph=True)[0]  # g
        pen = (g * v).sum(1).mean()  # pen
        return score.pow(2).sum(1).mean() / 2 + c * pen

    return loss_fn, net.parameters()


@loss
def energy_based(c):
    net, data = mlp(3, 12, 1, act=nn.SiLU), torch.randn(6, 3)

    def loss_fn():
        noise = 0.3 * torch.randn_like(data)
        x = (data + noise).requires_grad_()
        energy = net(x)
        g = torch.autograd.grad(energy.sum(), x, create_graph=True)[0]  # g
        pen = (g - noise / 0.09).pow(2).sum(1).mean()  # pen
        return energy.pow(2).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def contractive(c):
    enc, dec, data = nn.Linear(5, 4), nn.Linear(4, 5), torch.randn(6, 5)

    def loss_fn():
        x = data.clone().requires_grad_()
        h = torch.sigmoid(enc(x))
        pen = 0
        for unit in h.sum(0):
            g = torch.autograd.grad(unit, x, create_graph=True)[0]  # g
            pen = pen + g.pow(2).sum()  # pen
        return F.mse_loss(dec(h), data) + c * pen

    return loss_fn, [*enc.parameters(), *dec.parameters()]


@loss
def jacobian_projection(c):
    net = nn.Sequential(nn.Linear(5, 12), nn.ReLU(), nn.Dropout(0.3), nn.Linear(12, 4))
    data, y = torch.randn(6, 5), torch.randint(4, (6,))

    def loss_fn():
        x = data.clone().requires_grad_()
        out = net(x)
        v = F.normalize(torch.randn(6, 4), dim=1)
        g = torch.autograd.grad(out, x, v, create_graph=True)[0]  # g
        pen = g.pow(2).sum() / 6  # pen
        return F.cross_entropy(out, y) + c * pen

    return loss_fn, net.parameters()


@loss
def gradient_matching(c):
    net, x, y = mlp(4, 8, 3), torch.randn(5, 4), torch.randint(3, (5,))
    with torch.no_grad():
        target = [torch.randn_like(p) for p in net.parameters()]
    guess = torch.randn(5, 4, requires_grad=True)

    def loss_fn():
        inner = F.cross_entropy(net(guess), y)
        gs = torch.autograd.grad(inner, list(net.parameters()), create_graph=True)  # gs
        pen = sum((a - b).pow(2).sum() for a, b in zip(gs, target))  # pen
        return c * pen + guess.pow(2).mean()

    return loss_fn, [guess]


@loss
def gradient_variance(c):
    net = mlp(4, 8, 2)
    domains = [(torch.randn(6, 4), torch.randint(2, (6,))) for _ in range(3)]

    def loss_fn():
        losses = [F.cross_entropy(net(x), y) for x, y in domains]
        pen = 0
        mean = torch.autograd.grad(sum(losses) / 3, list(net.parameters()), create_graph=True)
        for one in losses:
            gs = torch.autograd.grad(one, list(net.parameters()), create_graph=True)  # gs
            pen = pen + sum((a - b).pow(2).sum() for a, b in zip(gs, mean))  # pen
        return sum(losses) / 3 + c * pen

    return loss_fn, net.parameters()


@loss
def irm(c):
    net = mlp(5, 12, 1, act=nn.ReLU)
    envs = [(torch.randn(10, 5), torch.rand(10, 1).round()) for _ in range(2)]

    def loss_fn():
        risk = pen = 0
        for x, y in envs:
            logits, scale = net(x), torch.tensor(1.0, requires_grad=True)
            risk = risk + F.binary_cross_entropy_with_logits(logits, y)
            scaled = F.binary_cross_entropy_with_logits(logits * scale, y)
            g = torch.autograd.grad(scaled, [scale], create_graph=True)[0]  # g
            pen = pen + g.pow(2)  # pen
        return risk + c * pen

    return loss_fn, net.parameters()


@loss
def sam(c):
    net, x, y = mlp(4, 12, 3), torch.randn(8, 4), torch.randint(3, (8,))

    def loss_fn():
        weights = dict(net.named_parameters())
        inner = F.cross_entropy(net(x), y)
        up = torch.autograd.grad(inner, list(weights.values()))  # stop: intended
        norm = torch.stack([u.norm() for u in up]).norm()
        moved = {k: w + 0.05 * u / norm for (k, w), u in zip(weights.items(), up)}
        return F.cross_entropy(functional_call(net, moved, x), y)

    return loss_fn, net.parameters()


@loss
def virtual_adversarial(c):
    net, x = mlp(4, 12, 3), torch.randn(8, 4)

    def loss_fn():
        with torch.no_grad():  # stop: intended
            p = F.softmax(net(x), 1)
        d = F.normalize(torch.randn_like(x), dim=1).requires_grad_()
        apart = F.kl_div(F.log_softmax(net(x + d), 1), p, reduction="batchmean")
        up = torch.autograd.grad(apart, d)[0]  # stop: intended
        near = F.log_softmax(net(x + F.normalize(up, dim=1)), 1)
        return c * F.kl_div(near, p, reduction="batchmean")

    return loss_fn, net.parameters()


@loss
def influence(c):
    net, x, y = mlp(3, 8, 1), torch.randn(8, 3), torch.randn(8, 1)
    test = torch.randn(2, 3)

    def loss_fn():
        params = list(net.parameters())
        ends = torch.autograd.grad(net(test).sum(), params, create_graph=True)
        inner = F.mse_loss(net(x), y)
        gs = torch.autograd.grad(inner, params, create_graph=True)  # gs
        pen = sum((a * b).sum() for a, b in zip(gs, ends))  # pen
        return inner + c * pen

    return loss_fn, net.parameters()


@loss
def hvp_minibatch(c):
    net, x, y = mlp(3, 8, 1), torch.randn(12, 3), torch.randn(12, 1)
    v = [torch.randn_like(p) for p in net.parameters()]

    def loss_fn():
        rows = torch.randperm(12)[:6]
        inner = F.mse_loss(net(x[rows]), y[rows])
        first = torch.autograd.grad(inner, list(net.parameters()), create_graph=True)
        along = sum((a * b).sum() for a, b in zip(first, v))
        gs = torch.autograd.grad(along, list(net.parameters()), create_graph=True)  # gs
        pen = sum((a * b).sum() for a, b in zip(gs, v))  # pen
        return inner + c * pen

    return loss_fn, net.parameters()


@loss
def input_gradient_dropout(c):
    net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
    data, y = torch.randn(8, 4), torch.randint(3, (8,))

    def loss_fn():
        x = data.clone().requires_grad_()
        own = F.cross_entropy(net(x), y)
        g = torch.autograd.grad(own, x, create_graph=True)[0]  # g
        pen = g.pow(2).sum(1).mean()  # pen
        return own + c * pen

    return loss_fn, net.parameters()


@loss
def mixed_precision(c):
    net, data = mlp(4, 16, 1, act=nn.SiLU), torch.randn(8, 4)

    def loss_fn():
        x = data.clone().requires_grad_()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = net(x)
        g = torch.autograd.grad(y.float().sum(), x, create_graph=True)[0]  # g
        pen = g.float().pow(2).sum(1).mean()  # pen
        return y.float().pow(2).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def frozen_layers(c):
    net, data = mlp(4, 12, 12, 1), torch.randn(8, 4)
    net[0].requires_grad_(False)

    def loss_fn():
        x = data.clone().requires_grad_()
        y = net(x)
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]  # g
        pen = g.norm(dim=1).mean()  # pen
        return y.pow(2).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def shared_weights(c):
    enc, data = nn.Linear(5, 4), torch.randn(6, 5)

    def loss_fn():
        x = data.clone().requires_grad_()
        h = torch.tanh(enc(x))
        back = F.linear(h, enc.weight.T)
        g = torch.autograd.grad(h.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).sum(1).mean()  # pen
        return F.mse_loss(back, data) + c * pen

    return loss_fn, enc.parameters()


@loss
def checkpointed(c):
    body, head, data = mlp(4, 12, 12), nn.Linear(12, 1), torch.randn(8, 4)

    def loss_fn():
        x = data.clone().requires_grad_()
        y = head(torch.tanh(checkpoint(body, x, use_reentrant=False)))
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).sum(1).mean()  # pen
        return y.pow(2).mean() + c * pen

    return loss_fn, [*body.parameters(), *head.parameters()]


@loss
def training_step(c):
    net, data = mlp(4, 12, 1), torch.randn(8, 4)
    optimizer = torch.optim.AdamW(net.parameters())

    def step():
        x = data.clone().requires_grad_()
        optimizer.zero_grad()
        y = net(x)
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).sum(1).mean()  # pen
        total = y.pow(2).mean() + c * pen
        total.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        return {"loss": total.item()}

    return step, net.parameters()


@loss
def several_optimizers(c):
    net, gen = mlp(4, 12, 1, act=leaky), mlp(3, 8, 4, act=nn.ReLU)
    of_net, of_gen = torch.optim.Adam(net.parameters()), torch.optim.Adam(gen.parameters())
    batches = iter(lambda: torch.randn(8, 4), None)

    def step():
        real, fake = next(batches), gen(torch.randn(8, 3)).detach()
        x = mix(real, fake)
        g = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]  # g
        pen = ((g.norm(2, dim=1) - 1) ** 2).mean()  # pen
        of_net.zero_grad()
        (net(fake).mean() - net(real).mean() + c * pen).backward()
        of_net.step()
        of_gen.zero_grad()
        (-net(gen(torch.randn(8, 3))).mean()).backward()
        of_gen.step()

    return step, net.parameters()


@loss
def lbfgs_closure(c):
    net, points = mlp(1, 10, 1), torch.rand(8, 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        x = points.clone().requires_grad_()
        u = net(x)
        g = torch.autograd.grad(u.sum(), x, create_graph=True)[0]  # g
        pen = (g - u).pow(2).mean()  # pen
        total = (net(torch.zeros(1, 1)) - 1).pow(2).mean() + c * pen
        total.backward()
        return total

    return closure, net.parameters()


@loss
def learned_rate(c):
    rate, x, y = torch.tensor(-1.0, requires_grad=True), torch.randn(8, 3), torch.randn(8)

    def loss_fn():
        w = torch.zeros(3, requires_grad=True)
        for _ in range(3):
            inner = ((x @ w - y) ** 2).mean() + rate.exp() * w.pow(2).sum()
            g = torch.autograd.grad(inner, w, create_graph=True)[0]  # g
            w = w - 0.1 * g
        pen = ((x @ w - y) ** 2).mean()  # pen
        return c * pen + rate.pow(2)

    return loss_fn, [rate]


@loss
def eikonal(c):
    class Sine(nn.Module):
        def forward(self, x):
            return torch.sin(6 * x)

    net, points, normals = mlp(3, 12, 12, 1, act=Sine), torch.rand(10, 3), torch.randn(10, 3)

    def loss_fn():
        x = points.clone().detach().requires_grad_(True)
        y = net(x)
        g = torch.autograd.grad(y, [x], torch.ones_like(y), create_graph=True)[0]  # g
        aligned = (1 - F.cosine_similarity(g, normals, dim=-1)).mean()
        pen = (g.norm(dim=-1) - 1).abs().mean() + aligned  # pen
        return y.abs().mean() + c * pen

    return loss_fn, net.parameters()


@loss
def hamiltonian(c):
    net, z0, dz = mlp(2, 12, 1), torch.randn(8, 2), torch.randn(8, 2)

    def loss_fn():
        z = z0.clone().requires_grad_()
        energy = net(z)
        g = torch.autograd.grad(energy.sum(), z, create_graph=True)[0]  # g
        flow = torch.stack([g[:, 1], -g[:, 0]], 1)
        pen = F.mse_loss(flow, dz)  # pen
        return energy.pow(2).mean() + c * pen

    return loss_fn, net.parameters()


@loss
def per_sample(c):
    net, x = mlp(3, 10, 1), torch.randn(8, 3)

    def loss_fn(params):
        def value(one):
            return functional_call(net, params, one[None])[0, 0]

        g = vmap(torch.func.grad(value))(x)  # g
        pen = (g.norm(dim=1) - 1).pow(2).mean()  # pen
        return functional_call(net, params, x).pow(2).mean() + c * pen

    return loss_fn, {k: p.detach().clone().requires_grad_() for k, p in net.named_parameters()}


@loss
def stable_log_sum(c):
    net, x = nn.Linear(4, 5), torch.randn(6, 4)

    def loss_fn():
        z = net(x)
        top = z.max(1, keepdim=True).values.detach()
        energy = (z - top).exp().sum(1).log() + top[:, 0]
        gs = torch.autograd.grad(energy.sum(), list(net.parameters()), create_graph=True)  # gs
        pen = sum(g.pow(2).sum() for g in gs)  # pen
        return energy.mean() + c * pen

    return loss_fn, net.parameters()


@loss
def logged(c):
    net, data, log = mlp(4, 12, 1, act=leaky), torch.randn(8, 4), []

    def loss_fn():
        x = data.clone().requires_grad_()
        y = net(x)
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]  # g
        pen = g.pow(2).sum(1).mean()  # pen
        with torch.no_grad():
            log.append((y.mean().item(), float(g.norm()), y.detach().numpy().max()))
        log.append(torch.autograd.grad(y.mean(), x, retain_graph=True)[0])
        if g.norm().item() > 1e3:
            log.clear()
        return y.pow(2).mean() + c * pen

    return loss_fn, net.parameters()
