import torch


def train(coefficient, **flags):
    w = torch.tensor([0.5, 0.4], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01)
    for _ in range(10):
        partial_loss = (w**3).sum()
        grad = torch.autograd.grad(partial_loss, w, **flags)[0]
        total_loss = partial_loss + coefficient * grad.pow(2).sum()
        optimizer.zero_grad()
        total_loss.backward()
        optimizer.step()
    return w


plain = train(0.0, retain_graph=True)
cut_is_inert = torch.equal(train(1.0, retain_graph=True), plain)
print("cut, coefficient 1 equals coefficient 0:", cut_is_inert)
#> cut, coefficient 1 equals coefficient 0: True
right_is_inert = torch.equal(train(1.0, create_graph=True), plain)
print("right, coefficient 1 equals coefficient 0:", right_is_inert)
#> right, coefficient 1 equals coefficient 0: False
