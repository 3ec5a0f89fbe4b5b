# uses: learn/your_own_autograd/tape.py
from tape import Value, grad


def grad_late(output, inputs):
    """The same as grad without create_graph, but forgets at the end."""
    return [Value(g.data) for g in grad(output, inputs, create_graph=True)]


a, b = Value(1.0), Value(2.0)
c = a * a * b
(dc_da,) = grad_late(c, [a])
d = (a + dc_da) * b
(dd_da,) = grad(d, [a])
print(f"d: {d.data}, dd_da: {dd_da.data}")
#> d: 10.0, dd_da: 2.0
