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
derivatives = [slope.data, second.data, third.data]
print([round(number, 4) for number in derivatives])
#> [0.8776, -0.4794, -0.8776]
