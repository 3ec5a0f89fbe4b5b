"""A gradient penalty under Accelerator, whose backward is what trains."""

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed

from measured.libraries.inside import hvp, same

x = torch.randn(5, 3)


def critic():
    set_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))


def loss(net, inputs):
    gradient = torch.autograd.grad(net(inputs).sum(), inputs, create_graph=True)[0]
    return (gradient.norm(dim=1) - 1).pow(2).mean()


def trained(accumulation):
    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=accumulation)
    net = critic()
    net, _ = accelerator.prepare(net, torch.optim.SGD(net.parameters(), lr=0.1))
    with accelerator.accumulate(net):
        accelerator.backward(loss(net, x.clone().requires_grad_()))
    return torch.cat([p.grad.flatten() for p in net.parameters() if p.grad is not None])


def with_graph():
    """The derivative of half the squared gradient, which is in .grad with its graph."""
    accelerator = Accelerator(cpu=True)
    net = accelerator.prepare(critic())
    weights = [net[0].weight, net[2].weight]
    accelerator.backward((net(x) ** 2).mean(), create_graph=True)
    total = sum((weight.grad**2).sum() for weight in weights) / 2
    found = torch.autograd.grad(total, weights)
    net.zero_grad()
    return torch.cat([one.flatten() for one in found])


def gradient():
    return torch.autograd.grad((replica(x) ** 2).mean(), [replica[0].weight, replica[2].weight])


def product():
    """The Hessian times the gradient, as a difference of gradients."""
    weights = [replica[0].weight, replica[2].weight]
    return torch.cat([one.flatten() for one in hvp(gradient, weights, gradient())])


def truth(step=1e-5):
    net, found = critic(), []
    for weight in list(net.parameters())[:-1]:
        for place in range(weight.numel()):
            values = []
            for sign in (1, -2):
                weight.data.view(-1)[place] += sign * step
                values.append(loss(net, x.clone().requires_grad_()).item())
            weight.data.view(-1)[place] += step
            found.append((values[0] - values[1]) / (2 * step))
    return torch.tensor([*found, 0.0])[: sum(p.numel() for p in net.parameters()) - 1]


def padded(accumulation):
    return trained(accumulation)[: len(truth())]


same("Accelerator.backward of a gradient penalty", lambda: padded(1), truth)
same("gradient_accumulation_steps=2, times two", lambda: 2 * padded(2), truth)
replica = critic()
same("Accelerator.backward(loss, create_graph=True), .grad in a loss", with_graph, product)
