"""An invertible network and its log determinant, with respect to the input and the weights."""

import FrEIA.framework as framework
import FrEIA.modules as modules
import torch

from measured.libraries.inside import twice

x = torch.randn(3, 4)


def small(width, out):
    return torch.nn.Sequential(torch.nn.Linear(width, 4), torch.nn.Tanh(), torch.nn.Linear(4, out))


for block in (modules.AllInOneBlock, modules.GLOWCouplingBlock, modules.RNVPCouplingBlock):
    net = framework.SequenceINN(4)
    net.append(block, subnet_constructor=small)
    net = net.double()
    weights = [p for p in net.parameters() if p.requires_grad]
    twice(block.__name__, lambda n=net: n(x), [x, *weights])
    twice(f"{block.__name__}, backward", lambda n=net: n(x, rev=True), [x, *weights])
