import torch


def saved_bytes(create_graph):
    total = 0

    def pack(tensor):
        nonlocal total
        total += tensor.nbytes
        return tensor

    x = torch.ones(1000, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        y = torch.tanh(x).pow(3).sum()
        torch.autograd.grad(y, x, create_graph=create_graph)
    return total


without_graph = saved_bytes(False)
with_graph = saved_bytes(True)
print("saved without create_graph:", without_graph, "bytes")
#> saved without create_graph: 8000 bytes
print("saved with create_graph=True:", with_graph, "bytes")
#> saved with create_graph=True: 24000 bytes
