# uses: learn/your_own_autograd/tape.py
import math
from tape import Value, grad


def sin(x):
    return Value(math.sin(x.data))  # no way back yet


x = Value(0.5)
(slope,) = grad(sin(x), [x], create_graph=True)
print(slope.data)
#> 0.0
