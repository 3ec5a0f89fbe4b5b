import torch

torch.manual_seed(0)
layer = torch.nn.LSTM(2, 3).double()
x = torch.randn(5, 1, 2, dtype=torch.float64, requires_grad=True)
with torch.backends.cudnn.flags(enabled=False):
    y = layer(x)[0].pow(2).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
penalty = dy_dx.pow(2).sum()
slope = torch.autograd.grad(penalty, x)[0].flatten()[0].item()
print("penalty:", round(penalty.item(), 4), "slope:", round(slope, 4))
#> penalty: 0.1078 slope: -0.0027
