# wrong: penalty is 0.0203, the squared Frobenius norm is 6.66
# right: recipes/contractive_autoencoder/relu_loop.py
import torch

x = torch.tensor([[0.5, -1.0], [1.0, 0.3]])
W = torch.tensor([[1.0, -0.5], [0.4, 2.0]], requires_grad=True)

h = torch.relu(x @ W.T)
P = ((h * (1 - h)).pow(2) @ W.pow(2).sum(dim=1)).sum()
P.backward()

penalty = P.item()
print(f"penalty: {penalty:.4f}")
#> penalty: 0.0203
dP_dW = W.grad.flatten().tolist()
print("dP_dW:", [round(value, 4) for value in dP_dW])
#> dP_dW: [-0.1906, -0.0832, 0.0, 0.0]
