# requires: cuda
# recorded: NVIDIA H100, torch 2.11.0, 2026-11-27
import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 10).reshape(5, 1, 2)


def slope(layer, x):
    x = x.clone().requires_grad_()
    with torch.backends.cudnn.flags(enabled=False):
        y = layer(x)[0].pow(2).sum()
    dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
    return torch.autograd.grad(dy_dx.pow(2).sum(), x)[0].cpu()


for make in (torch.nn.RNN, torch.nn.GRU, torch.nn.LSTM):
    layer = make(2, 3).eval()
    on_cpu = slope(layer, x)
    same = torch.allclose(slope(layer.cuda(), x.cuda()), on_cpu, atol=1e-5)
    print(make.__name__, "on the GPU as on the CPU:", same)
#> RNN on the GPU as on the CPU: True
#> GRU on the GPU as on the CPU: True
#> LSTM on the GPU as on the CPU: True
