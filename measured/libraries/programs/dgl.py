"""Message passing over a graph, and two layers, with respect to nodes, edges and weights."""

import os

import torch

from measured.libraries.inside import twice

os.environ["DGLBACKEND"] = "pytorch"  # Else it writes a choice into the home folder.

import dgl
import dgl.function as fn
from dgl.nn import GATConv, GraphConv
from dgl.nn.functional import edge_softmax

pairs = torch.tensor([(i, j) for i in range(5) for j in range(5) if i != j]).T
graph = dgl.graph((pairs[0], pairs[1]))
node, edge = torch.randn(5, 3), torch.randn(20, 1)


def passed(message, reduce):
    with graph.local_scope():
        graph.ndata["h"], graph.edata["w"] = node, edge
        graph.update_all(message, reduce("m", "out"))
        return graph.ndata["out"]


def along_edges(function):
    with graph.local_scope():
        graph.ndata["h"] = node
        graph.apply_edges(function("h", "h", "out"))
        return graph.edata["out"]


def softmax():
    """What edge_softmax computes, by functions of messages."""
    with graph.local_scope():
        graph.edata["e"] = torch.exp(edge - edge.max().detach())
        graph.update_all(fn.copy_e("e", "m"), fn.sum("m", "sum"))
        graph.apply_edges(fn.e_div_v("e", "sum", "out"))
        return graph.edata["out"]


weighted = fn.u_mul_e("h", "w", "m")
for reduce in (fn.sum, fn.mean, fn.max):
    name = f"update_all, u_mul_e, {reduce.__name__}"
    twice(name, lambda r=reduce: passed(weighted, r), [node, edge])
twice(
    "update_all, a message in Python",
    lambda: passed(lambda edges: {"m": torch.sin(edges.src["h"] - edges.dst["h"])}, fn.sum),
    [node],
)
twice("apply_edges, u_sub_v", lambda: along_edges(fn.u_sub_v).pow(2), [node])
twice("apply_edges, u_dot_v", lambda: along_edges(fn.u_dot_v), [node])
twice("edge_softmax", lambda: edge_softmax(graph, edge), [edge])
twice("softmax by update_all and e_div_v", softmax, [edge])
for layer in (GraphConv(3, 2), GATConv(3, 2, 1)):
    weights = list(layer.double().parameters())
    twice(type(layer).__name__, lambda f=layer: f(graph, node), [node, *weights])
