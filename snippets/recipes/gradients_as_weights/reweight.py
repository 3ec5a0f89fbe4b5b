import torch

x, y = torch.tensor([1.0, 2.0, -1.0]), torch.tensor([1.0, -3.0, -2.0])
w = torch.tensor(0.5, requires_grad=True)
epsilon = torch.zeros(3, requires_grad=True)  # the weights of the samples

loss = (epsilon * (w * x - y).square()).sum()
(g,) = torch.autograd.grad(loss, w, create_graph=True)
moved = w - g
V = (moved * 2 - 3).square()  # a trusted sample
(slope,) = torch.autograd.grad(V, epsilon)
print(f"g: {g.item()}, slope: {slope.tolist()}")
#> g: 0.0, slope: [-8.0, 128.0, -24.0]
by_hand = 2 * (w * x - y) * x * -(2 * 2 * (w * 2 - 3))
print(by_hand.tolist() == slope.tolist())
#> True
