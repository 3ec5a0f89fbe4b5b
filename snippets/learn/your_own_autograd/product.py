# uses: learn/your_own_autograd/tape.py
from tape import Value, grad

w = [Value(1.0), Value(2.0)]
L = w[0] ** 2 * w[1] + w[1] ** 3
g = grad(L, w, create_graph=True)
v = [3.0, -1.0]
along = g[0] * v[0] + g[1] * v[1]
Hv = grad(along, w)
print([entry.data for entry in Hv])
#> [10.0, -6.0]
