"""An energy of distances by message passing, with respect to positions and weights."""

import torch
from torch_geometric.nn import GCNConv, MessagePassing, SchNet, global_add_pool
from torch_geometric.utils import scatter, softmax

from measured.libraries.inside import once, twice

place = torch.randn(5, 3)
pairs = torch.tensor([(i, j) for i in range(5) for j in range(5) if i != j]).T
batch = torch.tensor([0, 0, 0, 1, 1])


class Layer(MessagePassing):
    def __init__(self, aggr):
        super().__init__(aggr=aggr)
        self.net = torch.nn.Sequential(torch.nn.Linear(1, 4), torch.nn.Tanh())

    def forward(self, place):
        return self.propagate(pairs, x=place)

    def message(self, x_i, x_j):
        return self.net((x_i - x_j).pow(2).sum(-1, keepdim=True))


for aggr in ("add", "mean", "max", "mul", "softmax", "std"):
    layer = Layer(aggr)
    twice(f"MessagePassing, aggr='{aggr}'", lambda f=layer: f(place), [place, *layer.parameters()])
conv = GCNConv(3, 2)
weight = torch.rand(pairs.shape[1]) + 0.5
twice("GCNConv", lambda: conv(place, pairs, weight), [place, weight, *conv.parameters()])
for reduce in ("sum", "mean", "max", "mul"):
    twice(f"scatter, reduce='{reduce}'", lambda r=reduce: scatter(place, batch, reduce=r), [place])
twice("softmax", lambda: softmax(place, batch), [place])
twice("global_add_pool", lambda: global_add_pool(place, batch), [place])
schnet = SchNet(8, 8, 2, 8, interaction_graph=lambda place, _: (pairs, distance(place)))


def distance(place):
    return (place[pairs[0]] - place[pairs[1]]).norm(dim=-1)


def weighted():
    """A convolution whose edges are weighted by distances, which depend on the positions."""
    return conv(place, pairs, torch.exp(-distance(place)))


twice("GCNConv, edge weights made of distances", weighted, [place, *conv.parameters()])


def forces():
    place.requires_grad_()
    energy = schnet(torch.tensor([1, 6, 8, 1, 1]), place)
    return torch.autograd.grad(energy.sum(), place, create_graph=True)[0]


once("forces of SchNet", forces, [place, *schnet.parameters()])
