import torch


def kept(create_graph):
    storages = {}

    def pack(tensor):
        memory = tensor.untyped_storage()
        storages[memory.data_ptr()] = memory.nbytes()
        return tensor

    x = torch.ones(1000, requires_grad=True)
    unpack = lambda tensor: tensor
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = torch.tanh(x).pow(3).sum()
        flags = {"create_graph": create_graph, "retain_graph": True}
        grad = torch.autograd.grad(y, x, **flags)
    return sum(storages.values())


without_graph, with_graph = kept(False), kept(True)
print("kept without create_graph:", without_graph, "bytes")
#> kept without create_graph: 4000 bytes
print("kept with create_graph=True:", with_graph, "bytes")
#> kept with create_graph=True: 8004 bytes
