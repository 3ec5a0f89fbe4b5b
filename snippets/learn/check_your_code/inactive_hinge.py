import torch


def train(coefficient):
    w = torch.tensor([0.5, 0.4], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01)
    for _ in range(10):
        partial_loss = (w**3).sum()
        grad = torch.autograd.grad(partial_loss, w, create_graph=True)[0]
        hinge = torch.relu(grad.norm() - 1).pow(2)  # the norm stays below 1
        total_loss = partial_loss + coefficient * hinge
        optimizer.zero_grad()
        total_loss.backward()
        optimizer.step()
    return w


hinge_is_inert = torch.equal(train(1.0), train(0.0))
print("right, coefficient 1 equals coefficient 0:", hinge_is_inert)
#> right, coefficient 1 equals coefficient 0: True
