import torch

torch.manual_seed(0)
layer = torch.nn.LSTM(2, 3).double()
cell = torch.nn.LSTMCell(2, 3).double()
cell.load_state_dict(
    {name[:-3]: value for name, value in layer.state_dict().items()}
)
x = torch.randn(5, 1, 2, dtype=torch.float64)
state, outputs = None, []
for step in x:
    state = cell(step, state)
    outputs.append(state[0])
print("the same:", torch.allclose(torch.stack(outputs), layer(x)[0]))
#> the same: True
