# uses: learn/your_own_autograd/tape.py
import math
from tape import Value, grad


def sin(x):
    return Value(math.sin(x.data), [(x, lambda g: g * cos(x))])


def cos(x):
    return Value(math.cos(x.data), [(x, lambda g: -g * sin(x))])


x = Value(0.5)
(slope,) = grad(sin(x), [x], create_graph=True)
(second,) = grad(slope, [x], create_graph=True)
(third,) = grad(second, [x])
print(f"{slope.data:.4f} {second.data:.4f} {third.data:.4f}")
#> 0.8776 -0.4794 -0.8776
