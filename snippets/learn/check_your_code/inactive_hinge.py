import torch


def loss(w, coefficient):
    partial_loss = (w**3).sum()
    grad = torch.autograd.grad(
        partial_loss, w, create_graph=True
    )[0]
    hinge = torch.relu(grad.norm() - 1).pow(2)
    return partial_loss + coefficient * hinge


def train(coefficient):
    w = torch.tensor([0.5, 0.4], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01)
    for _ in range(10):
        optimizer.zero_grad()
        loss(w, coefficient).backward()
        optimizer.step()
    return w.detach()


print("coefficient 1:", train(1.0).numpy().round(4))
#> coefficient 1: [0.434  0.3567]
print("coefficient 0:", train(0.0).numpy().round(4))
#> coefficient 0: [0.434  0.3567]
hinge_is_inert = torch.equal(train(1.0), train(0.0))
print("right, coefficient 1 equals coefficient 0:", hinge_is_inert)
#> right, coefficient 1 equals coefficient 0: True

w = torch.tensor([1.0, 2.0], requires_grad=True)
dL_dw = torch.autograd.grad(loss(w, 1.0), w)[0]
print("gradient where it is active:", dL_dw.numpy().round(2))
#> gradient where it is active: [ 36.09 276.72]
