import torch

rate = 0.1
curvature = torch.tensor([1.0, 9.0])
target = torch.tensor([0.0, 1.0])


def loss(w):
    return curvature * (w - target) ** 2 / 2


def adapt(w, create_graph):
    w = w.expand(2)  # one weight for each task
    g = torch.autograd.grad(
        loss(w).sum(), w, create_graph=create_graph
    )[0]
    return w - rate * g


def train(create_graph):
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        loss(adapt(w, create_graph)).sum().backward()
        optimizer.step()
    return w.item(), loss(adapt(w, create_graph)).sum().item()


first_order, first_order_loss = train(create_graph=False)
print(f"first order: {first_order:.3f}, loss {first_order_loss:.3f}")
#> first order: 0.500, loss 0.112
maml, maml_loss = train(create_graph=True)
print(f"second order: {maml:.3f}, loss {maml_loss:.3f}")
#> second order: 0.100, loss 0.040
