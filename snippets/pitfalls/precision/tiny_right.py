import torch

z = torch.tensor([0.0, -87.0], requires_grad=True)
# --8<-- [mark]
loss = -torch.log_softmax(z, 0).sum()
first = torch.autograd.grad(loss, z, create_graph=True)[0]
second = torch.autograd.grad(first[0], z)[0][0].item()
finite = abs(second) < float("inf")
print(f"loss {loss:.0f}, slope {first[0]:.0f}, second {second:.0f}")
#> loss 87, slope 1, second 0
