# wrong: alive is 5, the number of inputs still needed is 0
# right: pitfalls/backward_create_graph/no_leak.py
import gc
import weakref

import torch

w = torch.ones(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
inputs = []
for _ in range(5):
    x = torch.randn(8, 3, requires_grad=True)
    inputs.append(weakref.ref(x))
    optimizer.zero_grad()
    torch.tanh(x @ w).sum().backward(create_graph=True)
    grad = x.grad
    optimizer.zero_grad()
    grad.pow(2).sum().backward()
    optimizer.step()
    del x, grad
#! UserWarning: Using backward() with create_graph=True will create a reference cycle ...
gc.collect()
alive = sum(x() is not None for x in inputs)
print("inputs still in memory:", alive)
#> inputs still in memory: 5
