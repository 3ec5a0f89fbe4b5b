import inspect
import json
from itertools import chain

from torch import Tensor, relu, tanh, tensor
from torch.autograd import grad


# --8<-- [start:toy]
def toy(a, b, flag):
    c = a**2 * b
    g = grad(c, a, create_graph=flag)[0]
    d = (a + g) * b
    answer = grad(d, a)[0]
    return d, answer


# --8<-- [end:toy]
# --8<-- [start:detached]
def detached(a, b, flag):
    c = a**2 * b
    g = grad(c, a, create_graph=flag)[0]
    d = (a + g.detach()) * b
    answer = grad(d, a)[0]
    return d, answer


# --8<-- [end:detached]
# --8<-- [start:rectified]
def rectified(a, b, flag):
    c = relu(a) * b
    g = grad(c, a, create_graph=flag)[0]
    d = (a + g) * b
    answer = grad(d, a)[0]
    return d, answer


# --8<-- [end:rectified]
# --8<-- [start:added]
def added(w, flag):
    loss = tanh(w).sum()
    g = grad(loss, w, create_graph=flag)[0]
    total = loss + g.norm()
    answer = grad(total, w)[0]
    return total, answer


# --8<-- [end:added]
# --8<-- [start:alone]
def alone(w, flag):
    loss = tanh(w).sum()
    g = grad(loss, w, create_graph=flag)[0]
    total = g.norm()
    answer = grad(total, w)[0]
    return total, answer


# --8<-- [end:alone]
NUMBERS, VECTORS = (toy, detached, rectified), (added, alone)


def tape(tensors):
    """Return all nodes behind tensors, in the order in which they were recorded."""
    nodes = [one.grad_fn for one in tensors if one.grad_fn]
    for node in nodes:  # It grows meanwhile.
        found = (to for to, _ in node.next_functions if to and hasattr(to, "_sequence_nr"))
        nodes += [to for to in found if to not in nodes]
    own = {node for node in nodes if not node.name().endswith("AccumulateGrad")}
    return sorted(own, key=lambda node: node._sequence_nr())


def saved(node):
    """Return the tensors that a node keeps, or none if a pass has freed them."""
    names = [name for name in dir(node) if name.startswith("_saved_")]
    try:
        kept = [getattr(node, name) for name in names]
    except RuntimeError:
        return []
    return [one for one in kept if isinstance(one, Tensor)]


def look(tensors):
    """Return the tape, [name, edges, what is kept] of each node, and the storages and bytes."""
    nodes = tape(tensors)
    place = {node: place for place, node in enumerate(nodes)}
    rows = [
        [
            node.name(),
            [to and place.get(to, "leaf") for to, _ in node.next_functions],
            sorted((one.tolist() for one in saved(node)), key=str),
        ]
        for node in nodes
    ]
    kept = [one.untyped_storage() for one in chain(*map(saved, nodes))]
    size = {one.data_ptr(): one.nbytes() for one in kept}
    return rows, len(size), sum(size.values())


def run(loss, flag):
    """Run a loss line by line. Return [variable, its value, the tape, storages, bytes] of each."""
    state = {"w": tensor([1.0, 2.0], requires_grad=True), "flag": flag}
    state |= {"a": tensor(1.0, requires_grad=True), "b": tensor(2.0)} if loss in NUMBERS else {}
    seen = []
    for line in inspect.getsource(loss).splitlines()[1:-1]:
        variable = line.split()[0]
        try:
            exec(line.strip(), globals(), state)
            value = state[variable].tolist()
        except RuntimeError as error:
            value = str(error)
        seen.append([variable, value, *look([one for one in state.values() if one is not flag])])
    return seen


def said(value):
    """Return a number or a list of them, rounded, or that there is none."""
    if isinstance(value, str):
        return "raises"
    return [round(one, 4) for one in value] if isinstance(value, list) else value


# --8<-- [start:table]
runs = {
    loss.__name__: [run(loss, flag) for flag in (False, True)]
    for loss in (*NUMBERS, *VECTORS)
}

for name, both in runs.items():
    for flag, lines in zip(("off:", "on: "), both):
        answer, (*_, storages, size) = lines[-1][1], lines[2]
        kept = f"storages {storages}, bytes {size:2}"
        print(f"{name:9} {flag} {kept}, answer", said(answer))
#> toy       off: storages 1, bytes  4, answer 2.0
#> toy       on:  storages 3, bytes 12, answer 10.0
#> detached  off: storages 1, bytes  4, answer 2.0
#> detached  on:  storages 3, bytes 12, answer 2.0
#> rectified off: storages 1, bytes  4, answer 2.0
#> rectified on:  storages 2, bytes  8, answer 2.0
#> added     off: storages 0, bytes  0, answer raises
#> added     on:  storages 4, bytes 24, answer [-0.2109, 0.0481]
#> alone     off: storages 0, bytes  0, answer raises
#> alone     on:  storages 4, bytes 24, answer [-0.6308, -0.0226]
# --8<-- [end:table]
# For the page, and for the test that compares the picture with this.
toy_off, toy_on = (lines[2][3] for lines in runs["toy"])
silent, derivative = (lines[3][1] for lines in runs["toy"])
text = json.dumps(runs)
