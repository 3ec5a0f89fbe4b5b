# wrong: second is 27.0, the second derivative is 18.0
# right: pitfalls/second_time/again_right.py
import torch

x = torch.tensor(3.0, requires_grad=True)
y = x**3
y.backward(retain_graph=True)
x.grad.zero_()
# --8<-- [mark]
y.backward()
second = x.grad.item()
print("second:", second)
#> second: 27.0
