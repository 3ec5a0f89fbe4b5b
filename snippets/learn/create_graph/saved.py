import torch


def kept(create_graph):
    seen = {}

    def pack(tensor):
        memory = tensor.untyped_storage()
        seen[memory.data_ptr()] = memory
        return tensor

    x = torch.ones(1000, requires_grad=True)
    unpack = lambda tensor: tensor
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = torch.tanh(x).pow(3).sum()
        torch.autograd.grad(y, x, create_graph=create_graph)
    return sum(memory.nbytes() for memory in seen.values())


without_graph, with_graph = kept(False), kept(True)
print("kept without create_graph:", without_graph, "bytes")
#> kept without create_graph: 4000 bytes
print("kept with create_graph=True:", with_graph, "bytes")
#> kept with create_graph=True: 8004 bytes
