from torch import relu, tanh
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
