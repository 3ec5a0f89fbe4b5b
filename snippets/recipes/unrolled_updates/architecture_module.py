import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(4, 2)
        self.alpha = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return self.net(x) @ self.alpha.softmax(0)

    def arch_parameters(self):
        return [self.alpha]  # those that forward uses, not copies


torch.manual_seed(0)
cell = Cell()
copied = Cell()
copied.load_state_dict(cell.state_dict())  # alpha comes along
loss = copied(torch.randn(8, 4)).square().mean()
print(torch.autograd.grad(loss, copied.arch_parameters())[0].shape)
#> torch.Size([2])
weights = [p for n, p in copied.named_parameters() if n != "alpha"]
print(len(weights))
#> 2
