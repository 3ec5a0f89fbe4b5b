import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for create_graph in (False, True):
    grad = torch.autograd.grad((w**3).sum(), w, create_graph=create_graph)[0]
    print(create_graph, grad.requires_grad)
#> False False
#> True True
