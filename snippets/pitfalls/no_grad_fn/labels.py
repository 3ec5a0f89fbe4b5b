import torch
from torch.autograd import Variable


def w_grad(label):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    grad = torch.autograd.grad((w**3).sum(), w)[0]
    label(grad.pow(2).sum()).backward()
    return w.grad


def set_true(penalty):
    penalty.requires_grad = True
    return penalty


labels = {
    "penalty.requires_grad_()": lambda p: p.requires_grad_(),
    "penalty.requires_grad = True": set_true,
    "Variable(penalty, requires_grad=True)": lambda p: Variable(
        p, requires_grad=True
    ),
    "torch.tensor(value, ...)": lambda p: torch.tensor(
        p.item(), requires_grad=True
    ),
    "torch.nn.Parameter(penalty)": torch.nn.Parameter,
}
for name, label in labels.items():
    print(f"{name}: {w_grad(label)}")
#> penalty.requires_grad_(): None
#> penalty.requires_grad = True: None
#> Variable(penalty, requires_grad=True): None
#> torch.tensor(value, ...): None
#> torch.nn.Parameter(penalty): None
