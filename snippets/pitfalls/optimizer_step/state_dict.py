import torch

net = torch.nn.Linear(1, 1, bias=False)
print("parameter:", net.weight.requires_grad)
#> parameter: True
print("state_dict:", net.state_dict()["weight"].requires_grad)
#> state_dict: False
named = dict(net.named_parameters())
print("named_parameters:", named["weight"] is net.weight)
#> named_parameters: True
