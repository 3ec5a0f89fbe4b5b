import torch

for make in (torch.nn.RNN, torch.nn.GRU, torch.nn.LSTM):
    for dtype in (torch.float32, torch.float64):
        torch.manual_seed(0)
        layer = make(2, 3).to(dtype)
        x = (
            torch.linspace(-1, 1, 10, dtype=dtype)
            .reshape(5, 1, 2)
            .requires_grad_()
        )
        y = layer(x)[0].pow(2).sum()
        dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
        layer.zero_grad()
        dy_dx.pow(2).sum().backward()
        print(
            make.__name__,
            dtype,
            round(layer.weight_ih_l0.grad.norm().item(), 3),
        )
#> RNN torch.float32 2.384
#> RNN torch.float64 2.384
#> GRU torch.float32 3.612
#> GRU torch.float64 3.612
#> LSTM torch.float32 0.601
#> LSTM torch.float64 0.601
