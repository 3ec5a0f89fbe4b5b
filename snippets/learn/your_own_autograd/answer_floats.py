# uses: learn/your_own_autograd/tape.py
import math
from tape import Value, grad


def by_values(x):
    y = Value(math.exp(x.data))
    y.steps = [(x, lambda g: g * y)]
    return y


def by_floats(x):
    slope = math.exp(x.data)
    return Value(slope, [(x, lambda g: g * slope)])


for exp in (by_values, by_floats):
    x = Value(0.5)
    (first,) = grad(exp(x) ** 2, [x], create_graph=True)
    (second,) = grad(first, [x])
    first, second = first.data, second.data
    print(f"{exp.__name__}: {first:.4f} {second:.4f}")
#> by_values: 5.4366 10.8731
#> by_floats: 5.4366 5.4366
