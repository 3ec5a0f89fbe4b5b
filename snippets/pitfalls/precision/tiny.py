# wrong: finite is False, the answer of log_softmax is True
# right: pitfalls/precision/tiny_right.py
import torch

z = torch.tensor([0.0, -87.0], requires_grad=True)
loss = -torch.softmax(z, 0).log().sum()
first = torch.autograd.grad(loss, z, create_graph=True)[0]
second = torch.autograd.grad(first[0], z)[0][0].item()
finite = abs(second) < float("inf")
print(f"loss {loss:.0f}, slope {first[0]:.0f}, second {second:.0f}")
#> loss 87, slope 1, second inf
