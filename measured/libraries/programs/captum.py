"""An attribution as a term of a loss, with respect to the input and the weights."""

import torch
from captum import attr
from captum._utils.common import _run_forward

from measured.libraries.inside import once

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Softplus(), torch.nn.Linear(4, 2))
x, base = torch.randn(2, 3), torch.zeros(2, 3)
weights = list(net.parameters())[:-1]


def input_():
    return x.detach().requires_grad_() if not x.requires_grad else x


methods = {
    "Saliency": lambda: attr.Saliency(net).attribute(input_(), target=0, abs=False),
    "InputXGradient": lambda: attr.InputXGradient(net).attribute(input_(), target=0),
    "IntegratedGradients": lambda: attr.IntegratedGradients(net).attribute(
        input_(), base, target=0, n_steps=8
    ),
    "FeatureAblation": lambda: attr.FeatureAblation(net).attribute(input_(), base, target=0),
    "LayerGradCam": lambda: attr.LayerGradCam(net, net[0]).attribute(input_(), target=0),
    "LayerActivation": lambda: attr.LayerActivation(net, net[1]).attribute(input_()),
}
for name, attribution in methods.items():
    once(f"{name}, with respect to weights", attribution, weights[:3])


def recorded(forward_fn, inputs, target_ind=None, additional_forward_args=None):
    """Captum's compute_gradients, with a graph."""
    with torch.enable_grad():
        outputs = _run_forward(forward_fn, inputs, target_ind, additional_forward_args)
        return torch.autograd.grad(torch.unbind(outputs), inputs, create_graph=True)


def replaced(method, *given, **more):
    """What a method gives whose gradient function is the one above."""
    method.gradient_func = recorded
    return method.attribute(input_(), *given, target=0, **more)


kept = {"grad_kwargs": {"create_graph": True}}
methods = {
    "Saliency, own gradient_func": lambda: replaced(attr.Saliency(net), abs=False),
    "IntegratedGradients, own gradient_func": lambda: replaced(
        attr.IntegratedGradients(net), base, n_steps=8
    ),
    "LayerGradCam, create_graph in grad_kwargs": lambda: attr.LayerGradCam(net, net[0]).attribute(
        input_(), target=0, **kept
    ),
    "LayerIntegratedGradients": lambda: attr.LayerIntegratedGradients(net, net[0]).attribute(
        input_(), base, target=0, n_steps=8
    ),
    "LayerIntegratedGradients, create_graph in grad_kwargs": lambda: attr.LayerIntegratedGradients(
        net, net[0]
    ).attribute(input_(), base, target=0, n_steps=8, **kept),
}
for name, attribution in methods.items():
    once(f"{name}, with respect to weights", attribution, weights[:3])


def own():
    """The same as Saliency, with a graph."""
    inputs = input_().requires_grad_()
    return torch.autograd.grad(net(inputs)[:, 0].sum(), inputs, create_graph=True)[0]


once("autograd.grad with create_graph=True", own, weights[:3])
once(
    "Saliency, own gradient_func, with respect to the input",
    lambda: replaced(attr.Saliency(net), abs=False),
    [x],
)
