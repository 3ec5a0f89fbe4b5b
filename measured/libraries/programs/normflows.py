"""A flow's log density, with respect to the input and the weights."""

import normflows
import torch

from measured.libraries.inside import twice

x = torch.randn(3, 2)
base = normflows.distributions.DiagGaussian(2)


def affine():
    net = normflows.nets.MLP([1, 4, 2], init_zeros=False)
    return [normflows.flows.AffineCouplingBlock(net), normflows.flows.Permute(2, mode="swap")]


def smooth(net):
    """The same network with Tanh: a kink has no second derivative to be tested."""
    for module in net.modules():
        for name, child in module.named_children():
            if isinstance(child, torch.nn.LeakyReLU | torch.nn.ReLU):
                setattr(module, name, torch.nn.Tanh())
    return net


def residual(reduce_memory, exact):
    net = normflows.nets.LipschitzMLP([2, 4, 2], init_zeros=False, lipschitz_const=0.9)
    return normflows.flows.Residual(
        net, reduce_memory=reduce_memory, reverse=False, n_exact_terms=2, n_samples=1
    )


def spline():
    return normflows.flows.AutoregressiveRationalQuadraticSpline(2, 1, 4, init_identity=False)


cases = {
    "AffineCouplingBlock": affine(),
    "AutoregressiveRationalQuadraticSpline": [spline()],
    "Residual, reduce_memory=True (the default)": [residual(True, True)],
    "Residual, reduce_memory=False": [residual(False, True)],
}
for name, flows in cases.items():
    model = smooth(normflows.NormalizingFlow(base, flows).double()).eval()
    weights = [p for p in model.parameters() if p.requires_grad]

    def density(model=model):
        torch.manual_seed(0)
        import numpy

        numpy.random.seed(0)
        return model.log_prob(x)

    density()
    twice(f"{name}, log_prob", density, [x])
