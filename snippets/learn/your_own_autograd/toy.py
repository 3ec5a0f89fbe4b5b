# uses: learn/your_own_autograd/tape.py
from tape import Value, grad

for create_graph in (False, True):
    a, b = Value(1.0), Value(2.0)
    c = a * a * b
    (dc_da,) = grad(c, [a], create_graph)
    d = (a + dc_da) * b
    (dd_da,) = grad(d, [a])
    print(f"dc_da: {dc_da.data}, d: {d.data}, dd_da: {dd_da.data}")
#> dc_da: 4.0, d: 10.0, dd_da: 2.0
#> dc_da: 4.0, d: 10.0, dd_da: 10.0
