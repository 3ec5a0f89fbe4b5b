"""Each row of "The same message when …" raises that message, and its fix gives the derivative.

The derivative is that of a central difference of values, where everything else is held.
"""

import pathlib
import re

import pytest
import torch
from torch import nn
from torch.autograd import grad
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

PITFALLS = pathlib.Path(__file__).parents[2] / "docs" / "pitfalls"
MESSAGES = {
    "no-grad-fn": "element 0 of tensors does not require grad|Tensors does not require grad",
    "unused-input": "appears to not have been used in the graph",
    "second-time": "backward through the graph a second time",
    "in-place": "modified by an inplace operation",
    "non-scalar-output": "grad can be implicitly created only for scalar outputs",
    "not-implemented": "is not implemented|not differentiable with respect to argument",
}
ROWS = {page: {} for page in MESSAGES}


def row(page, situation):
    """Register a function of `fixed` that returns a loss as a function, a tensor, its gradient."""

    def register(function):
        ROWS[page][situation] = function
        return function

    return register


@pytest.fixture(autouse=True)
def float64():
    """Set number type and seed."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    yield
    torch.set_default_dtype(before)


def network(*last):
    return nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1), *last)


def data(*shape):
    return torch.randn(shape or (5, 2))


def leaf(*shape):
    return data(*shape).requires_grad_()


def penalty(net, x, create_graph=True):
    """Return the squared slope; `net` gives one number for each sample."""
    x = x.detach().requires_grad_()
    return grad(net(x).sum(), x, create_graph=create_graph)[0].square().sum()


def trained(loss, weight):
    """Return what is to be compared for `loss()`, a function of `weight`."""
    return loss, weight, grad(loss(), weight)[0]


def difference(loss, weight, direction, step=1e-6):
    values = []
    with torch.no_grad():
        before = weight.clone()
        for sign in (1, -1):
            weight.data = before + sign * step * direction
            with torch.enable_grad():
                values.append(loss().item())
        weight.data = before
    return (values[0] - values[1]) / (2 * step)


# element 0 of tensors does not require grad


@row("no-grad-fn", "validation or sampling")
def _(fixed):
    net, x = network(), data()
    with torch.no_grad(), torch.set_grad_enabled(fixed):
        return trained(lambda: penalty(net, x), net[0].weight)


@row("no-grad-fn", "Lightning's validation or test loop")
def _(fixed):
    net = network()
    with torch.inference_mode():
        x = data()
        if not fixed:
            with torch.enable_grad():
                return trained(lambda: penalty(net, x), net[0].weight)
        with torch.inference_mode(False):
            x = x.clone()
            return trained(lambda: penalty(net, x), net[0].weight)


@row("no-grad-fn", "a penalty, a residual or a meta-loss of its own")
def _(fixed):
    net, x = network(), data()
    return trained(lambda: penalty(net, x, create_graph=fixed), net[0].weight)


@row("no-grad-fn", "forces of a potential in `eval()`")
def _(fixed):
    class Potential(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = network()

        def forward(self, x):
            x = x.detach().requires_grad_()
            return -grad(self.net(x).sum(), x, create_graph=self.training)[0]

    model, x = Potential().eval(), data()
    if fixed:
        model.training = True
    return trained(lambda: model(x).square().sum(), model.net[0].weight)


@row("no-grad-fn", "a frozen network: saliency, an attack, guidance")
def _(fixed):
    net, x = network().requires_grad_(False), data()
    if fixed:
        x.requires_grad_()
    return x_gradient(net, x)


def x_gradient(net, x):
    net(x).sum().backward()
    return (lambda: net(x).sum()), x, x.grad


@row("no-grad-fn", "a frozen layer in `net.parameters()`")
def _(fixed):
    net, x = network(), data()
    net[0].requires_grad_(False)
    weights = [p for p in net.parameters() if p.requires_grad or not fixed]
    found = grad(net(x).square().sum(), weights)
    return (lambda: net(x).square().sum()), net[2].weight, found[0]


@row("no-grad-fn", "LoRA or PEFT with gradient checkpointing")
def _(fixed):
    frozen, adapter, x = nn.Linear(2, 2).requires_grad_(False), network(), data()

    def loss():
        return checkpoint(adapter, frozen(x), use_reentrant=not fixed).sum()

    return trained_by_backward(loss, adapter[0].weight)


def trained_by_backward(loss, weight):
    loss().backward()
    return loss, weight, weight.grad


@row("no-grad-fn", "accuracy, `argmax`, a comparison, `.long()`")
def _(fixed):
    net, x = nn.Linear(2, 3), data()
    target = torch.tensor([0, 1, 2, 0, 1])

    def loss():
        scores = net(x)
        if fixed:
            return F.cross_entropy(scores, target)
        return (scores.argmax(1) != target).double().mean()

    return trained(loss, net.weight)


@row("no-grad-fn", "a loss from `.item()`, NumPy, or `torch.tensor([a, b])`")
def _(fixed):
    net, x = network(), data()

    def loss():
        a, b = penalty(net, x), net(x).square().sum()
        return (torch.stack([a, b]) if fixed else torch.tensor([a.item(), b.item()])).sum()

    return trained(loss, net[0].weight)


@row("no-grad-fn", "features from a library's `encode()` or `embed()`")
def _(fixed):
    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = network()

        def forward(self, x):
            return self.net(x)

        @torch.no_grad()
        def encode(self, x):
            return self(x)

    model, x = Encoder(), data()
    call = model if fixed else model.encode
    return trained(lambda: call(x).square().sum(), model.net[0].weight)


@row("no-grad-fn", "a custom `Function`, or a kernel of your own")
def _(fixed):
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 3 * g * (x if fixed else x.detach()).square()

    x = leaf()
    slope = grad(Cube.apply(x).sum(), x, create_graph=True)[0]
    slope_of_sum = grad(slope.sum(), x)[0]
    return (lambda: 3 * x.square().sum()), x, slope_of_sum


@row("no-grad-fn", "a linear loss or layer, differentiated twice")
def _(fixed):
    x = leaf()
    slope = grad((3 * x).sum(), x, create_graph=True)[0]
    if fixed:
        slope = slope + 0 * x
    return (lambda: torch.tensor(3.0 * x.numel())), x, grad(slope.sum(), x)[0]


@row("no-grad-fn", "`functional_call` with a `state_dict()`")
def _(fixed):
    net, x = network(), data()
    weights = dict(net.named_parameters()) if fixed else net.state_dict()

    def loss():
        return torch.func.functional_call(net, weights, x).sum()

    return trained(loss, net[0].weight)


@row("no-grad-fn", "a closure in an optimizer of your own, such as SAM")
def _(fixed):
    net, x = network(), data()

    class Own(torch.optim.SGD):
        @torch.no_grad()
        def step(self, closure):
            closure = torch.enable_grad()(closure) if fixed else closure
            return closure()

    return trained_by_step(net, x, Own(net.parameters(), lr=0.0))


def trained_by_step(net, x, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = penalty(net, x)
        loss.backward()
        return loss

    optimizer.step(closure)
    return (lambda: penalty(net, x)), net[0].weight, net[0].weight.grad


@row("no-grad-fn", "`autograd.grad` inside `torch.vmap`")
def _(fixed):
    net, x = network(), leaf()

    def slope(sample):
        if fixed:
            return torch.func.grad(lambda s: net(s).sum())(sample)
        return grad(net(sample).sum(), sample, create_graph=True)[0]

    return trained(lambda: torch.vmap(slope)(x).square().sum(), net[0].weight)


# The differentiated Tensor appears to not have been used in the graph


@row("unused-input", "a PINN and one column, `t = xt[:, 1:]`")
def _(fixed):
    net, xt = network(), leaf()
    t = xt[:, 1:].detach().requires_grad_() if fixed else xt[:, 1:]
    u = net(torch.cat([xt[:, :1], t], dim=1)) if fixed else net(xt)
    return (lambda: net(torch.cat([xt[:, :1], t], dim=1)).sum()), t, grad(u.sum(), t)[0]


@row("unused-input", "`x.requires_grad_()` after `u = net(x)`")
def _(fixed):
    net, x = network(), data()
    if fixed:
        x.requires_grad_()
    u = net(x)
    return (lambda: net(x).sum()), x, grad(u.sum(), x.requires_grad_())[0]


@row("unused-input", "WGAN-GP with `x_hat.clone()`, `.detach()` or `.to(device)`")
def _(fixed):
    net, x_hat = network(), data()
    leaf = x_hat.clone().requires_grad_()
    scores = net(leaf if fixed else x_hat)
    return (lambda: net(leaf).sum()), leaf, grad(scores.sum(), leaf)[0]


@row("unused-input", "a scaled or negated input, `net(x / s)`")
def _(fixed):
    net, x, s = network(), leaf(), 10.0
    z = x / s
    u = net(z if fixed else x / s)
    slope = grad(u.sum(), z)[0]
    return (lambda: s * net(x / s).sum()), x, slope


@row("unused-input", "token ids, with the embedding computed once more")
def _(fixed):
    table, net, ids = nn.Embedding(7, 2), network(), torch.tensor([3, 1])
    vectors = table(ids)
    score = net(vectors if fixed else table(ids)).sum()
    found = grad(score, vectors)[0]
    held = vectors.detach().clone()
    return (lambda: net(held).sum()), held, found


@row("unused-input", "Grad-CAM, where the hook keeps a `.clone()`")
def _(fixed):
    net, x = network(), data()
    kept = []

    def hook(module, args, output):
        kept.append(output if fixed else output.clone())

    net[0].register_forward_hook(hook)
    score = net(x).sum()
    found = grad(score, kept[0])[0]
    held = kept[0].detach().clone()
    return (lambda: net[2](net[1](held)).sum()), held, found


@row("unused-input", "the network detaches its input, or makes a new tensor of it")
def _(fixed):
    net = network()
    x = leaf()

    def forward(x):
        x = x if fixed else torch.tensor(x.tolist())
        return net(x).sum()

    return trained(lambda: forward(x), x)


@row("unused-input", "`u_xx`, if `u_x` lacks `create_graph=True`")
def _(fixed):
    net, x, k = network(), leaf(), leaf(1)

    def residual():
        return k * grad(net(x).sum(), x, create_graph=fixed)[0].sum()

    return trained(residual, x)


@row("unused-input", "`grad(y, g)` for a derivative of the gradient `g`")
def _(fixed):
    x = leaf()
    y = (x**3).sum()
    g = grad(y, x, create_graph=True)[0]
    found = grad(g.sum(), x)[0] if fixed else grad(y, g)[0]
    return (lambda: 3 * x.square().sum()), x, found


@row("unused-input", "MAML with `deepcopy(net)`, with respect to `net`")
def _(fixed):
    import copy

    net, x = network(), data()
    weights = dict(net.named_parameters())
    if not fixed:
        return grad(copy.deepcopy(net)(x).square().sum(), list(weights.values()))

    def outer():
        inner = torch.func.functional_call(net, weights, x).square().sum()
        slopes = grad(inner, list(weights.values()), create_graph=True)
        pairs = zip(weights.items(), slopes, strict=True)
        fast = {name: p - 0.1 * slope for (name, p), slope in pairs}
        return torch.func.functional_call(net, fast, x).square().sum()

    return trained(outer, net[0].weight)


@row("unused-input", "MAML's second inner step, still on the first weights")
def _(fixed):
    w = leaf(3)

    def outer():
        fast = w
        for _ in range(2):
            loss = ((fast if fixed else w) ** 4).sum()
            fast = fast - 0.1 * grad(loss, fast, create_graph=True)[0]
        return fast.square().sum()

    return trained(outer, w)


@row("unused-input", "a layer that this loss skips: a pooler, another head")
def _(fixed):
    net, pooler, x = network(), nn.Linear(2, 2), data()
    loss = lambda: net(x).square().sum()  # noqa: E731
    weights = dict(nn.ModuleDict({"net": net, "pooler": pooler}).named_parameters())
    names = [name for name in weights if not (fixed and name.startswith("pooler"))]
    return loss, net[0].weight, grad(loss(), [weights[name] for name in names])[0]


@row("unused-input", "one optimizer for actor and critic, and the loss of one")
def _(fixed):
    actor, critic, x = network(), network(), data()
    optimizer = torch.optim.Adam([*actor.parameters(), *critic.parameters()])
    everything = [p for group in optimizer.param_groups for p in group["params"]]
    loss = lambda: actor(x).square().sum()  # noqa: E731
    return loss, actor[0].weight, grad(loss(), [*actor.parameters()] if fixed else everything)[0]


@row("unused-input", "the last bias, in a penalty on the input gradient")
def _(fixed):
    net, x = network(), data()
    weights = {k: v for k, v in net.named_parameters() if not (fixed and k == "2.bias")}
    found = grad(penalty(net, x), list(weights.values()))
    return (lambda: penalty(net, x)), net[0].weight, found[0]


@row("unused-input", "`u_xx` of what is linear in `x`")
def _(fixed):
    net, x = nn.Linear(2, 1), leaf()
    u_x = grad(net(x).sum(), x, create_graph=True)[0]
    found = grad(u_x.sum(), x, materialize_grads=fixed)[0]
    return (lambda: net.weight.sum() * len(x)), x, found


@row("unused-input", "EWC, with log-likelihoods that were detached")
def _(fixed):
    net, x = network(), data()
    kept = [net(sample).sum() for sample in x]
    if not fixed:
        kept = [value.detach().requires_grad_() for value in kept]
    found = grad(torch.stack(kept).sum(), net[0].weight)[0]
    return (lambda: net(x).sum()), net[0].weight, found


# Trying to backward through the graph a second time


@row("second-time", "the loss contains a gradient: penalty, PINN, forces")
def _(fixed):
    net, x = network(), leaf()

    def loss():
        u = net(x)
        slope = grad(u.sum(), x, create_graph=fixed)[0]
        return (u.square() + slope.square().sum(1, keepdim=True)).sum()

    return trained(loss, net[0].weight)


@row("second-time", "a GAN: critic and generator on one `fake`")
def _(fixed):
    generator, critic, z = nn.Linear(2, 2), network(), data()
    fake = generator(z)
    critic(fake.detach() if fixed else fake).sum().backward()
    (-critic(fake).sum()).backward()
    return (lambda: -critic(generator(z)).sum()), generator.weight, generator.weight.grad


@row("second-time", "several critic updates on the same `fake`")
def _(fixed):
    generator, critic, z = nn.Linear(2, 2), network(), data()
    with torch.set_grad_enabled(not fixed):
        fake = generator(z)
    for _ in range(2):
        critic.zero_grad()
        critic(fake).sum().backward()
    return (lambda: critic(fake).sum()), critic[0].weight, critic[0].weight.grad


@row("second-time", "an RNN or LSTM whose state goes on to the next batch")
def _(fixed):
    cell, x = nn.GRUCell(2, 2), data()
    state = torch.zeros(5, 2)
    for _ in range(2):
        cell.zero_grad()
        state = state.detach() if fixed else state
        held = state
        state = cell(x, state)
        state.square().sum().backward()
    return (lambda: cell(x, held).square().sum()), cell.weight_ih, cell.weight_ih.grad


@row("second-time", "something computed once before the loop")
def _(fixed):
    w, net, x = leaf(2), network(), data()
    scale = w.exp()
    for _ in range(2):
        w.grad = None
        scale = w.exp() if fixed else scale
        net(x * scale).square().sum().backward()
    return (lambda: net(x * w.exp()).square().sum()), w, w.grad


@row("second-time", "a closure of L-BFGS that uses a graph from outside")
def _(fixed):
    net, x = network(), leaf()
    optimizer = torch.optim.LBFGS(net.parameters(), max_iter=3)

    def residual():
        u = net(x)
        return (grad(u.sum(), x, create_graph=True)[0] - 1).square().sum()

    outside = residual()
    seen = []

    def closure():
        optimizer.zero_grad()
        loss = residual() if fixed else outside
        loss.backward()
        seen.append(net[0].weight.grad.clone())
        return loss

    start = net[0].weight.detach().clone()
    others = [p.detach().clone() for p in net.parameters()]
    optimizer.step(closure)
    assert not torch.equal(net[0].weight, start)
    with torch.no_grad():
        for p, q in zip(net.parameters(), others, strict=True):
            p.copy_(q)
    return residual, net[0].weight, seen[0]


@row("second-time", "a loop over tasks or losses that share an encoder")
def _(fixed):
    encoder, heads, x = nn.Linear(2, 2), [nn.Linear(2, 1), nn.Linear(2, 1)], data()

    def losses():
        shared = encoder(x).tanh()
        return [head(shared).square().sum() for head in heads]

    if fixed:
        sum(losses()).backward()
    else:
        for loss in losses():
            loss.backward()
    return (lambda: sum(losses())), encoder.weight, encoder.weight.grad


@row("second-time", "PPO or actor-critic, several epochs on one rollout")
def _(fixed):
    policy, x = nn.Linear(2, 3), data()
    old = policy(x).log_softmax(1)
    if fixed:
        old = old.detach()
    held = old.detach()
    for _ in range(2):
        policy.zero_grad()
        (policy(x).log_softmax(1) - old).exp().sum().backward()
    loss = lambda: (policy(x).log_softmax(1) - held).exp().sum()  # noqa: E731
    return loss, policy.weight, policy.weight.grad


@row("second-time", "a running mean or memory that a module keeps")
def _(fixed):
    net, x, memory = network(), data(), torch.zeros(1)
    for _ in range(3):
        net.zero_grad()
        held = memory
        mean = net(x).square().mean()
        (mean * (1 + memory.sum())).backward()
        memory = 0.9 * memory + 0.1 * (mean.detach() if fixed else mean)
    loss = lambda: net(x).square().mean() * (1 + held.sum())  # noqa: E731
    return loss, net[0].weight, net[0].weight.grad


@row("second-time", "`total = total + loss`, with `total.backward()` in each step")
def _(fixed):
    net, x = network(), data()
    total = 0.0
    for _ in range(2):
        net.zero_grad()
        loss = net(x).square().sum()
        total = total + (loss.item() if fixed else loss)
        (loss if fixed else total).backward()
    return (lambda: net(x).square().sum()), net[0].weight, net[0].weight.grad


@row("second-time", "first-order MAML, inner steps on one forward pass")
def _(fixed):
    w = leaf(3)
    loss = (w**4).sum()
    fast = w
    for _ in range(2):
        loss = (fast**4).sum() if fixed else loss
        fast = fast - 0.1 * grad(loss, fast if fixed else w)[0]
    steps = (fast - w).detach()
    return (lambda: (w + steps).square().sum()), w, grad(fast.square().sum(), w)[0]


@row("second-time", "forces and stress, each by its own `grad`")
def _(fixed):
    net, x, strain = network(), leaf(), torch.zeros(2, 2).requires_grad_()
    energy = lambda: net(x + x @ strain).sum()  # noqa: E731
    if fixed:
        return energy, strain, grad(energy(), [x, strain])[1]
    value = energy()
    grad(value, x)
    return energy, strain, grad(value, strain)[0]


@row("second-time", "rows of a Jacobian or Hessian in a loop")
def _(fixed):
    x = leaf(3)
    g = grad((x**4).sum(), x, create_graph=True)[0]
    rows = [grad(g[i], x, retain_graph=fixed)[0] for i in range(3)]
    return (lambda: (4 * x**3).sum()), x, torch.stack(rows).sum(0)


@row("second-time", "a reentrant checkpoint that uses a tensor from outside")
def _(fixed):
    net, w, x = network(), leaf(2), leaf()
    scale = w.exp()

    def block(x):
        return net(x * scale)

    def loss():
        first = checkpoint(block, x, use_reentrant=not fixed)
        return (first + checkpoint(block, x, use_reentrant=not fixed)).square().sum()

    value = loss()
    value.backward(retain_graph=not fixed)
    return (lambda: (2 * net(x * w.exp())).square().sum()), w, w.grad


# modified by an inplace operation


@row("in-place", "a GAN or two losses, with a `step()` between them")
def _(fixed):
    generator, critic, z = nn.Linear(2, 2), network(), data()
    optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
    loss = -critic(generator(z)).sum()
    critic(generator(z).detach()).sum().backward()
    optimizer.step()
    if fixed:
        loss = -critic(generator(z)).sum()
    generator.zero_grad()
    loss.backward()
    return (lambda: -critic(generator(z)).sum()), generator.weight, generator.weight.grad


@row("in-place", "a penalty after the `step()` of the loss")
def _(fixed):
    net, x = network(), data()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    total = lambda: net(x).square().sum() + penalty(net, x)  # noqa: E731
    if fixed:
        return trained(total, net[0].weight)
    loss, extra = net(x).square().sum(), penalty(net, x)
    loss.backward()
    optimizer.step()
    extra.backward()


@row("in-place", "an RNN state kept with `retain_graph=True`")
def _(fixed):
    cell, x = nn.GRUCell(2, 2), data()
    optimizer = torch.optim.SGD(cell.parameters(), lr=0.1)
    state = torch.zeros(5, 2)
    for _ in range(3):
        optimizer.zero_grad()
        state = state.detach() if fixed else state
        held, before = state, [p.detach().clone() for p in cell.parameters()]
        state = cell(x, state)
        state.square().sum().backward(retain_graph=not fixed)
        optimizer.step()
    with torch.no_grad():
        for p, q in zip(cell.parameters(), before, strict=True):
            p.copy_(q)
    return (lambda: cell(x, held).square().sum()), cell.weight_ih, cell.weight_ih.grad


@row("in-place", "SAM: `loss.backward()` again after the first step")
def _(fixed):
    net, x = network(), data()
    loss = net(x).square().sum()
    loss.backward(retain_graph=True)
    with torch.no_grad():
        for p in net.parameters():
            p += 0.1 * p.grad
    net.zero_grad()
    if fixed:
        loss = net(x).square().sum()
    loss.backward()
    return (lambda: net(x).square().sum()), net[0].weight, net[0].weight.grad


@row("in-place", "MAML or a learned optimizer with an in-place update")
def _(fixed):
    w = leaf(3)

    def outer():
        fast = w * 1
        for _ in range(2):
            slope = grad((fast**4).sum(), fast, create_graph=True)[0]
            if fixed:
                fast = fast - 0.1 * slope
            else:
                fast -= 0.1 * slope
        return fast.square().sum()

    return trained(outer, w)


@row("in-place", "`out[:, i] = …` or `x += …` in `forward`")
def _(fixed):
    w, x = leaf(2), data()

    def loss():
        state, states = (x * w).tanh(), []
        for _ in range(3):
            if fixed:
                state = state + (state * w).tanh()
            else:
                state += (state * w).tanh()
            states.append(state)
        return torch.stack(states).square().sum()

    def filled():
        out = torch.zeros(5, 3)
        out[:, 0] = (x * w).sum(1)
        for i in (1, 2):
            out[:, i] = (out[:, i - 1] * w[0]).tanh()
        return out.square().sum()

    if not fixed:
        with pytest.raises(RuntimeError, match=MESSAGES["in-place"]):
            grad(filled(), w)
    return trained(loss, w)


@row("in-place", "the batch, a mask or an index changed after `net(x)`")
def _(fixed):
    net, x = network(), data()
    before = x.clone()
    value = net(x).square().sum()
    if fixed:
        x = x + 0.1
    else:
        x += 0.1
    value.backward()
    return (lambda: net(before).square().sum()), net[0].weight, net[0].weight.grad


@row("in-place", "a boundary value written into `u`, `u[0] = 0`")
def _(fixed):
    net, x = network(), data()
    inside = torch.ones(5, 1)
    inside[0] = 0

    def loss():
        u = net(x).tanh()
        if fixed:
            u = torch.where(inside.bool(), u, 0.0)
        else:
            u[0] = 0
        return u.square().sum()

    return trained(loss, net[0].weight)


@row("in-place", "`nn.ReLU(inplace=True)` behind a tanh, sigmoid or softmax")
def _(fixed):
    net, x = network(nn.Tanh(), nn.ReLU(inplace=not fixed)), data()
    return trained(lambda: net(x).square().sum(), net[0].weight)


@row("in-place", "`clip_grad_norm_` or `g.mul_()` on a gradient in the loss")
def _(fixed):
    w = leaf(3)

    def loss():
        g = grad((w**3).sum(), w, create_graph=True)[0]
        extra = g.square().sum()
        with torch.no_grad():
            (g.clone() if fixed else g).mul_(0.1)
        return extra

    return trained(loss, w)


@row("in-place", "WGAN with `clamp_()` of the weights before the backward pass")
def _(fixed):
    net, x = network(), data()
    loss = net(x).square().sum()
    if fixed:
        loss.backward()
        found = net[0].weight.grad.clone()
    before = [p.detach().clone() for p in net.parameters()]
    with torch.no_grad():
        for p in net.parameters():
            p.clamp_(-0.1, 0.1)
    if not fixed:
        loss.backward()
    with torch.no_grad():
        for p, q in zip(net.parameters(), before, strict=True):
            p.copy_(q)
    return (lambda: net(x).square().sum()), net[0].weight, found


@row("in-place", "a target network or EMA updated before the backward pass")
def _(fixed):
    net, target, x = network(), network(), data()
    with torch.set_grad_enabled(not fixed):
        wanted = target(x)
    loss = lambda: (net(x) - wanted.detach()).square().sum()  # noqa: E731
    value = (net(x) - wanted).square().sum()
    with torch.no_grad():
        for p, q in zip(target.parameters(), net.parameters(), strict=True):
            p.lerp_(q, 0.1)
    value.backward()
    return loss, net[0].weight, net[0].weight.grad


@row("in-place", "a Hessian filled column by column, and used meanwhile")
def _(fixed):
    w = leaf(3)

    def loss():
        g = grad((w**4).sum(), w, create_graph=True)[0]
        total, hess, columns = 0, torch.zeros(3, 3), []
        for i in range(3):
            column = grad(g[i], w, create_graph=True)[0]
            if fixed:
                columns.append(column)
                total = total + torch.stack(columns).square().sum()
            else:
                hess[:, i] = column
                total = total + hess.square().sum()
        return total

    return trained(loss, w)


# grad can be implicitly created only for scalar outputs


@row("non-scalar-output", "the slope of `net(x)` for a batch")
def _(fixed):
    net, x = network(), leaf()
    u = net(x)
    return (lambda: net(x).sum()), x, grad(u.sum() if fixed else u, x)[0]


@row("non-scalar-output", 'a loss with `reduction="none"`, or without a mean')
def _(fixed):
    net, x = network(), data()

    def loss():
        each = F.mse_loss(net(x), torch.zeros(5, 1), reduction="none")
        return each.mean() if fixed else each

    return trained(loss, net[0].weight)


@row("non-scalar-output", "a policy gradient, `-(log_prob * advantage)`")
def _(fixed):
    policy, x, advantage = nn.Linear(2, 3), data(), data(5)

    def loss():
        chosen = policy(x).log_softmax(1)[:, 0]
        each = -(chosen * advantage)
        return each.mean() if fixed else each

    return trained(loss, policy.weight)


@row("non-scalar-output", "`nn.DataParallel`, which returns one loss per GPU")
def _(fixed):
    net, x = network(), data(6, 2)

    def loss():
        gathered = torch.stack([net(part).square().mean() for part in x.chunk(2)])
        return gathered.mean() if fixed else gathered

    return trained(loss, net[0].weight)


@row("non-scalar-output", "several losses in a list or a tensor")
def _(fixed):
    net, x = network(), data()

    def loss():
        losses = torch.stack([net(x).sum(), penalty(net, x)])
        return (losses * torch.tensor([1.0, 10.0])).sum() if fixed else losses

    return trained(loss, net[0].weight)


@row("non-scalar-output", "Grad-CAM or saliency of class scores")
def _(fixed):
    net, x = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 3)), leaf()
    scores = net(x)
    found = grad(scores[:, 1].sum() if fixed else scores, x)[0]
    return (lambda: net(x)[:, 1].sum()), x, found


@row("non-scalar-output", "WGAN-GP or R1 on the scores of a batch")
def _(fixed):
    net, x = network(), leaf()

    def loss():
        scores = net(x)
        ones = torch.ones_like(scores) if fixed else None
        return grad(scores, x, ones, create_graph=True)[0].square().sum(1).mean()

    return trained(loss, net[0].weight)


@row("non-scalar-output", "a PatchGAN, a map of scores for each image")
def _(fixed):
    net, x = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Conv2d(2, 1, 3)), leaf(2, 1, 6, 6)

    def loss():
        scores = net(x)
        if fixed:
            scores = scores.flatten(1).mean(1).sum()
        return grad(scores, x, create_graph=True)[0].square().sum()

    return trained(loss, net[0].weight)


@row("non-scalar-output", "`u_xx` of a PINN, from `u_x`")
def _(fixed):
    net, x = network(), leaf()

    def u_x():
        return grad(net(x).sum(), x, create_graph=True)[0]

    found = grad(u_x()[:, 0].sum() if fixed else u_x(), x)[0]
    return (lambda: u_x()[:, 0].sum()), x, found


@row("non-scalar-output", "a network with several outputs, `u, v`")
def _(fixed):
    net, x = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2)), leaf()
    out = net(x)
    return (lambda: net(x)[:, 1].sum()), x, grad(out[:, 1].sum() if fixed else out, x)[0]


@row("non-scalar-output", "a Hessian-vector product")
def _(fixed):
    w, v = leaf(3), data(3)
    gradient = lambda: grad((w**4).sum(), w, create_graph=True)[0]  # noqa: E731
    return (lambda: (gradient() * v).sum()), w, grad(gradient(), w, v if fixed else None)[0]


@row("non-scalar-output", "a Jacobian")
def _(fixed):
    net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 3))
    x = leaf(2)
    found = torch.func.jacrev(net)(x) if fixed else grad(net(x), x)[0]
    return (lambda: net(x)[2]), x, found[2]


# derivative for … is not implemented


def twice(function, x):
    """Return the comparison for the derivative of the squared first one."""

    def loss():
        return grad(function(x).square().sum(), x, create_graph=True)[0].square().sum()

    return trained(loss, x)


@row("not-implemented", "a transformer under MAML, a penalty or a Hessian")
def _(fixed):
    from torch.nn.attention import SDPBackend, sdpa_kernel

    def function(x):
        with sdpa_kernel(SDPBackend.MATH if fixed else SDPBackend.FLASH_ATTENTION):
            return F.scaled_dot_product_attention(x, x, x)

    return twice(function, leaf(1, 2, 5, 8))


@row("not-implemented", "`cdist`: prototypes, kernels, graphs of points")
def _(fixed):
    other = data(4, 2)
    mode = "use_mm_for_euclid_dist" if fixed else "use_mm_for_euclid_dist_if_necessary"
    return twice(lambda x: torch.cdist(x, other, compute_mode=mode), leaf())


@row("not-implemented", "`F.pdist`, for rows that differ")
def _(fixed):
    i, j = torch.triu_indices(5, 5, offset=1)
    return twice((lambda x: (x[i] - x[j]).norm(dim=1)) if fixed else F.pdist, leaf())


@row("not-implemented", "`embedding_bag` in a recommender")
def _(fixed):
    ids = torch.tensor([[0, 1], [2, 2]])
    ours = lambda w: F.embedding(ids, w).mean(1)  # noqa: E731
    return twice(ours if fixed else (lambda w: F.embedding_bag(ids, w)), leaf())


@row("not-implemented", "`nn.Hardsigmoid`, as in MobileNetV3")
def _(fixed):
    ours = lambda x: x.tanh() * F.relu6(x + 3) / 6  # noqa: E731
    return twice(ours if fixed else (lambda x: x.tanh() * F.hardsigmoid(x)), leaf())


@row("not-implemented", "`multi_margin_loss`")
def _(fixed):
    label = torch.tensor([0, 2, 1, 1, 0])

    def ours(x):
        own = F.one_hot(label, 3).bool()
        margins = 1 - x.gather(1, label[:, None]) + x
        return margins.clamp(min=0).masked_fill(own, 0).sum(1).mean() / 3

    return twice(ours if fixed else (lambda x: F.multi_margin_loss(x, label)), leaf(5, 3))


@row("not-implemented", "SAC or a VAE with `Gamma(…).rsample()`")
def _(fixed):
    noise = data(5, 2)

    def function(x):
        if fixed:
            return (x + 0.1 * noise).exp()
        return torch.distributions.Gamma(x.exp(), 1.0).rsample()

    return twice(function, leaf())


@row("not-implemented", "a label, a length or an index that requires a gradient")
def _(fixed):
    values, lengths = leaf(3), torch.tensor([1.0, 2.0]).requires_grad_()
    wanted = lengths.detach().long() if fixed else lengths
    return trained(
        lambda: torch.segment_reduce(values, "sum", lengths=wanted).square().sum(), values
    )


CASES = [(page, situation) for page, rows in ROWS.items() for situation in rows]


@pytest.mark.parametrize(("page", "situation"), CASES)
def test_row(page, situation):
    with pytest.raises(RuntimeError, match=MESSAGES[page]):
        ROWS[page][situation](False)
    torch.manual_seed(0)
    loss, weight, found = ROWS[page][situation](True)
    direction = torch.randn_like(weight)
    true = difference(loss, weight, direction)
    assert (found * direction).sum().item() == pytest.approx(true, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("page", ROWS)
def test_table(page):
    """The table has these rows, in this order, and each has a fix."""
    text = (PITFALLS / f"{page}.md").read_text(encoding="utf-8")
    (table,) = re.findall(
        r"^\| The same message when … \|.*\n\|.*\n((?:\|.*\n)+)", text, re.MULTILINE
    )
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    assert [cells[0] for cells in rows] == list(ROWS[page])
    assert all(len(cells) == 3 for cells in rows)
