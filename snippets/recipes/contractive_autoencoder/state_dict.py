# wrong: dP_dW is [-0.0665, 0.0314], the gradient is [0.0989, -0.0512]
# right: recipes/contractive_autoencoder/parameters.py
import torch

encoder = torch.nn.Linear(2, 2)
with torch.no_grad():
    encoder.weight.copy_(torch.tensor([[1.0, -0.5], [0.4, 2.0]]))
    encoder.bias.zero_()

x = torch.tensor([[0.5, -1.0], [1.0, 0.3]])
h = torch.sigmoid(encoder(x))
W = encoder.state_dict()["weight"]
P = ((h * (1 - h)).pow(2) @ W.pow(2).sum(dim=1)).sum()
P.backward()

penalty = P.item()
dP_dW = encoder.weight.grad[0].tolist()
print(f"penalty: {penalty:.4f}")
#> penalty: 0.3258
print("dP_dW:", [round(value, 4) for value in dP_dW])
#> dP_dW: [-0.0665, 0.0314]
