import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(partial_loss, w, create_graph=True)[0]
square = grad.pow(2).sum()
length = square.item() ** 0.5
penalty = (torch.tensor(length) - 1) ** 2
terms = {"grad": grad, "square": square, "penalty": penalty}
for name, tensor in terms.items():
    print(name, tensor.grad_fn is not None)
#> grad True
#> square True
#> penalty False
