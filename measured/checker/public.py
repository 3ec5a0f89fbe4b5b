"""Public training code that nobody here wrote, rebuilt in its structure as small losses.

Each entry names its source, what the code is, and the verdict that is right. None means that the
question cannot be asked there. Sources were read in stored copies of the repositories; nothing of
their text is here. ``learned`` says what an entry taught the checker or about it.
"""

# ruff: noqa: B905

from collections import OrderedDict
from contextlib import nullcontext
from copy import deepcopy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import Variable
from torch.func import functional_call

from measured.checker.losses import critic, leaky, mix, mlp
from measured.checker.tool import check, intended

#: Name -> (source, the right verdict, what was learned, the factory).
PUBLIC = {}


def public(source, verdict, learned=""):
    """Put an entry into the list."""

    def put(function):
        PUBLIC[function.__name__] = (source, verdict, learned, function)
        return function

    return put


def said_of(name: str) -> dict:
    """The verdict on an entry, in a word."""
    source, _, learned, factory = PUBLIC[name]
    torch.manual_seed(0)
    loss_fn, params = factory()
    try:
        said = {True: "right", False: "WRONG", None: "unsure"}[check(loss_fn, params).ok]
    except TypeError:
        said = "no loss"
    return {"name": name, "source": source, "said": said, "learned": learned}


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


@public("greydanus/hamiltonian-nn hnn.py", True, "Two fields, of which one is switched off.")
def hamiltonian_field():
    net, data, truth = mlp(4, 16, 2), torch.randn(8, 4), torch.randn(8, 4)
    eye = torch.eye(4)
    turn = torch.cat([eye[2:], -eye[:2]])

    def loss_fn():
        x = data.clone().requires_grad_()
        _, energy = net(x).split(1, 1)
        field = torch.zeros_like(x) + torch.autograd.grad(energy.sum(), x, create_graph=True)[0] @ (
            turn.t()
        )
        return (field - truth).pow(2).mean()

    return loss_fn, net.parameters()


def _stress(training):
    net, at = mlp(6, 12, 1, act=nn.SiLU), torch.randn(3, 2, 3)
    truth, pulled = torch.randn(3, 2, 3), torch.randn(3, 3, 3)

    def step():
        r = at.clone().requires_grad_()
        strain = torch.zeros(3, 3, 3, requires_grad=True)
        even = 0.5 * (strain + strain.transpose(-1, -2))
        energy = net((r + torch.einsum("bni,bij->bnj", r, even)).flatten(1)).squeeze(-1)
        force, virial = torch.autograd.grad(
            [energy], [r, strain], [torch.ones_like(energy)], create_graph=training,
            retain_graph=True, allow_unused=True,
        )  # fmt: skip
        stress = torch.where(virial.abs() < 1e10, virial, torch.zeros_like(virial))
        near = ((force + truth).square() < 1.0).int().float()
        apart = near * (force + truth).square() + (1 - near) * (force + truth).abs()
        total = energy.pow(2).mean() + 10 * apart.mean() + 0.1 * (stress - pulled).pow(2).mean()
        total.backward()

    return step, net.parameters()


@public("ACEsuit/mace mace/modules/utils.py", True, "Forces and stress; a mask that jumps.")
def forces_and_stress():
    return _stress(training=True)


@public(
    "ACEsuit/mace mace/modules/utils.py, called with training=False",
    False,
    "The same argument as in torch_spex: what evaluates must not train.",
)
def forces_in_evaluation():
    return _stress(training=False)


@public(
    "VICO-UoE/DatasetCondensation main.py",
    True,
    "The images are trained; the gradients on real data are constants, and so they should be.",
)
def condensed_images():
    net, real = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(),
                              nn.Linear(144, 2)), torch.randn(2, 8, 1, 8, 8)  # fmt: skip
    images = torch.randn(4, 1, 8, 8, requires_grad=True)
    outer = torch.optim.SGD([images], 0.1, momentum=0.5)
    inner = torch.optim.SGD(net.parameters(), 0.01, momentum=0.5)
    weights = list(net.parameters())
    net[1].eval()

    def step():
        total, logged = torch.tensor(0.0), 0
        for label in range(2):
            wanted = torch.ones(8, dtype=torch.long) * label
            target = torch.autograd.grad(F.cross_entropy(net(real[label]), wanted), weights)
            target = [t.detach().clone() for t in target]
            own = F.cross_entropy(net(images[2 * label : 2 * label + 2]), wanted[:2])
            slopes = torch.autograd.grad(own, weights, create_graph=True)
            for a, b in zip(slopes, target):
                if a.dim() > 1:
                    a, b = a.flatten(1), b.flatten(1)
                    total += (1 - (a * b).sum(-1) / (a.norm(dim=-1) * b.norm(dim=-1) + 1e-6)).sum()
        outer.zero_grad()
        total.backward()
        outer.step()
        logged += total.item()
        copied = deepcopy(images.detach())
        inner.zero_grad()
        F.cross_entropy(net(copied), torch.tensor([0, 0, 1, 1])).backward()
        inner.step()
        return logged

    return step, [images]


def _learner(first_order):
    net, x, y = mlp(4, 12, 3), torch.randn(8, 4), torch.randint(3, (8,))

    def clone(module):
        made = module.__new__(type(module))
        made.__dict__ = module.__dict__.copy()
        made._parameters = {k: p if p is None else p.clone() for k, p in module._parameters.items()}
        made._modules = {k: clone(m) for k, m in module._modules.items()}
        return made

    def moved(module, rate):
        for key, p in module._parameters.items():
            if p is not None and p.grad is not None:
                module._parameters[key] = p - rate * p.grad
        for inner in module._modules.values():
            moved(inner, rate)

    def loss_fn():
        learner = clone(net)
        for _ in range(2):
            inner = F.cross_entropy(learner(x), y)
            slopes = torch.autograd.grad(
                inner, learner.parameters(), retain_graph=not first_order,
                create_graph=not first_order,
            )  # fmt: skip
            for p, slope in zip(learner.parameters(), slopes):
                p.grad = slope
            moved(learner, 0.1)
        return F.cross_entropy(learner(x), y)

    return loss_fn, net.parameters()


@public("learnables/learn2learn learn2learn/algorithms/maml.py", True, "Weights with a history.")
def cloned_learner():
    return _learner(first_order=False)


@public(
    "learnables/learn2learn learn2learn/algorithms/maml.py, first_order=True",
    False,
    "First-order MAML on purpose looks like the mistake: declare it.",
)
def first_order_learner():
    return _learner(first_order=True)


@public("leopard-ai/betty betty/hypergradient/maml.py, first order, declared", True)
def first_order_declared():
    net, x, y = mlp(4, 12, 3), torch.randn(8, 4), torch.randint(3, (8,))
    weights = dict(net.named_parameters())

    def loss_fn():
        inner = F.cross_entropy(net(x), y)
        slopes = torch.autograd.grad(inner, list(weights.values()))  # stop: intended
        fast = {k: w - 0.1 * s for (k, w), s in zip(weights.items(), slopes)}
        return F.cross_entropy(functional_call(net, fast, x), y)

    return loss_fn, net.parameters()


@public("Totoro97/NeuS models/fields.py", True, "weight_norm, and a Softplus that is nearly ReLU.")
def rendered_surface():
    norm = nn.utils.parametrizations.weight_norm
    first, last = norm(nn.Linear(3, 16)), norm(nn.Linear(19, 1))
    act, points = nn.Softplus(beta=100), torch.rand(20, 3)

    def field(x):
        return last(torch.cat([act(first(x)), x], 1) / np.sqrt(2))

    def loss_fn():
        x = points.clone()
        with torch.enable_grad():
            x.requires_grad_(True)
            y = field(x)
            ones = torch.ones_like(y, requires_grad=False)
            slope = torch.autograd.grad(
                y, x, ones, create_graph=True, retain_graph=True, only_inputs=True
            )[0]
        inside = (points.norm(dim=-1) < 1.2).float().detach()
        eikonal = inside * (slope.norm(dim=-1) - 1.0) ** 2
        return field(x).abs().mean() + 0.1 * eikonal.sum() / (inside.sum() + 1e-5)

    return loss_fn, [*first.parameters(), *last.parameters()]


@public("565353780/neural-angelo neural_angelo/Loss/eikonal.py", True, "nan_to_num, and a mask.")
def masked_eikonal():
    net, points = mlp(3, 16, 1, act=nn.Softplus), torch.rand(2, 10, 3)
    outside = torch.rand(2, 10) < 0.3

    def loss_fn():
        x = points.clone().requires_grad_()
        slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
        error = ((slope.norm(dim=-1) - 1.0) ** 2).nan_to_num(nan=0.0, posinf=0.0, neginf=0.0)
        return (error * (~outside).float()).mean()

    return loss_fn, net.parameters()


def _langevin(declared):
    net, data = mlp(4, 16, 1, act=nn.SiLU), torch.randn(8, 4)

    def sample(x):
        for _ in range(3):
            x.requires_grad = True
            energy = net(x).sum()
            if not torch.isfinite(energy):
                break
            slope = torch.autograd.grad(energy, x)[0]
            norm = torch.norm(slope)
            if norm > 0.5:
                slope = slope * (0.5 / norm)
            with torch.no_grad():
                x = x - 0.1 * slope + 0.1 * torch.randn_like(x)
        return x.detach()

    def loss_fn():
        with intended() if declared else nullcontext():
            drawn = sample(torch.randn(8, 4))
        up, down = net(data).mean(), net(drawn).mean()
        return up - down + 0.1 * (up**2 + down**2)

    return loss_fn, net.parameters()


@public(
    "yataobian/mini-ebm samplers.py",
    False,
    "Samples that depend on the weights: contrastive divergence stops there on purpose.",
)
def langevin_samples():
    return _langevin(declared=False)


@public(
    "yataobian/mini-ebm samplers.py, declared by a block",
    True,
    "Stops in a row are declared together.",
)
def langevin_declared():
    return _langevin(declared=True)


@public("lucaayscough/Gravity Generator/loss.py", True, "The fake images keep their graph.")
def undetached_fakes():
    net, gen = critic(), nn.Linear(10, 64)
    optimizer, images = torch.optim.Adam(net.parameters()), torch.randn(6, 1, 8, 8)

    def step():
        for p in gen.parameters():
            p.requires_grad = False
        for p in net.parameters():
            p.grad = None
        fake = gen(torch.randn(6, 10)).view(6, 1, 8, 8)
        up, down = net(images), net(fake)
        slopes = torch.autograd.grad(net(x := mix(images, fake)).sum(), x, create_graph=True)[0]
        penalty = ((slopes.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
        (-(up.mean() - down.mean()) + 10 * penalty).backward(retain_graph=True)
        optimizer.step()

    return step, net.parameters()


@public(
    "saadmoro/youtube-thumbnails-WGAN-GP Utils.py",
    True,
    "The mixed images need a gradient only because the fake ones come from the generator.",
)
def mixed_with_history():
    net, gen, images = critic(), nn.Linear(10, 64), torch.randn(6, 1, 8, 8)

    def loss_fn():
        fake = gen(torch.randn(6, 10)).view(6, 1, 8, 8)
        share = torch.rand((6, 1, 1, 1)).repeat(1, 1, 8, 8)
        mixed = images * share + fake * (1 - share)
        scores = net(mixed)
        slopes = torch.autograd.grad(
            inputs=mixed, outputs=scores, grad_outputs=torch.ones_like(scores), create_graph=True,
            retain_graph=True,
        )[0]  # fmt: skip
        norm = slopes.view(len(slopes), -1).norm(2, dim=1)
        return -(net(images).mean() - net(fake).mean()) + 10 * ((norm - 1) ** 2).mean()

    return loss_fn, net.parameters()


@public(
    "yliess86/PaintsTorch2 paintstorch2/model/loss.py",
    True,
    "A minus where the mix has a plus: a wrong formula, rightly differentiated.",
)
def mixed_with_a_minus():
    net, real, fake = critic(), torch.randn(6, 1, 8, 8), torch.randn(6, 1, 8, 8)

    def loss_fn():
        share = torch.rand((6, 1, 1, 1))
        between = share * real - (1 - share) * fake
        between.requires_grad = True
        out = net(between)
        slopes = torch.autograd.grad(
            out, between, torch.ones_like(out), create_graph=True, only_inputs=True
        )[0]
        penalty = 10 * ((slopes.norm(2, dim=1) - 1) ** 2).mean()
        return net(fake).mean() - net(real).mean() + penalty

    return loss_fn, net.parameters()


@public("hahahappyboy/GAN-Thesis-Retrieval StyleGAN/utils.py", True, "Scaled by x exp(x).")
def scaled_r1():
    net, images = critic(), 0.3 * torch.randn(6, 1, 8, 8)

    def loss_fn():
        reals = Variable(images, requires_grad=True)
        two = torch.Tensor([np.float32(np.log(2.0))])
        total = torch.sum(net(reals))
        total = total * torch.exp(total * two)
        slopes = torch.autograd.grad(total, reals, torch.ones(total.size()), create_graph=True)[0]
        slopes = slopes.view(reals.size(0), -1)
        slopes = slopes * torch.exp(-slopes * two)
        return F.softplus(-net(images)).mean() + 5 * torch.sum(slopes * slopes)

    return loss_fn, net.parameters()
