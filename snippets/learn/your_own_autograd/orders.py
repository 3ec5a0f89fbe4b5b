# uses: learn/your_own_autograd/tape.py
import torch
from tape import Value, grad

x = Value(0.5)
t = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
ours, theirs = x.tanh(), torch.tanh(t)
for order in range(1, 5):
    (ours,) = grad(ours, [x], create_graph=True)
    (theirs,) = torch.autograd.grad(
        theirs, t, create_graph=True
    )
    print(f"order {order}: {ours.data:.6f} {theirs:.6f}")
#> order 1: 0.786448 0.786448
#> order 2: -0.726862 -0.726862
#> order 3: -0.565209 -0.565209
#> order 4: 3.952220 3.952220
