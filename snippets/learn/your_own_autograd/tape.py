import math


# --8<-- [start:value]
class Value:
    """A number that knows the way back to what it was computed from."""

    def __init__(self, data, steps=()):
        self.data = data
        self.steps = steps  # pairs: an input, and a step back to it

    def __add__(self, other):
        other = value(other)
        steps = [(self, lambda g: g), (other, lambda g: g)]
        return Value(self.data + other.data, steps)

    def __mul__(self, other):
        other = value(other)
        steps = [(self, lambda g: g * other), (other, lambda g: g * self)]
        return Value(self.data * other.data, steps)

    def __pow__(self, n):
        steps = [(self, lambda g: g * (n * self ** (n - 1)))] if n else []
        return Value(self.data**n, steps)

    def tanh(self):
        y = Value(math.tanh(self.data))
        y.steps = [(self, lambda g: g * (1 - y**2))]
        return y

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -value(other)

    def __rsub__(self, other):
        return other + -self


def value(x):
    """Take a plain number for a constant, which has no way back."""
    return x if isinstance(x, Value) else Value(x)


# --8<-- [end:value]
# --8<-- [start:grad]
def grad(output, inputs, create_graph=False):
    """Return the derivative of output with respect to each input."""
    arrived = {output: Value(1.0)}
    for node in way_back(output):
        for source, step in node.steps:
            g = step(arrived[node])
            if source in arrived:
                g = arrived[source] + g
            if not create_graph:
                g = Value(g.data)
            arrived[source] = g
    return [arrived.get(x, Value(0.0)) for x in inputs]


def way_back(output):
    """List what output came from, each before what it came from."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.steps:
                visit(source)
            order.append(node)

    visit(output)
    return reversed(order)


# --8<-- [end:grad]
