# wrong: dJ_dW is [0.5121, 2.3617], the gradient is [99.0667, -48.7451]
# right: recipes/contractive_autoencoder/grad_each.py
import torch

x = torch.tensor([[0.5, -1.0], [1.0, 0.3]], requires_grad=True)
W = torch.tensor([[1.0, -0.5], [0.4, 2.0]], requires_grad=True)


def loss(coefficient):
    h = torch.sigmoid(x @ W.T)
    reconstruction = (h @ W - x).pow(2).sum()
    h.backward(torch.ones_like(h), retain_graph=True)
    P = x.grad.pow(2).sum().sqrt()
    x.grad.zero_()
    return reconstruction + coefficient * P


for coefficient in 0, 1, 1000:
    W.grad = None
    loss(coefficient).backward()
    dJ_dW = W.grad[0].tolist()
    print(f"coefficient {coefficient:4}:", [round(value, 4) for value in dJ_dW])
#> coefficient    0: [0.5121, 2.3617]
#> coefficient    1: [0.5121, 2.3617]
#> coefficient 1000: [0.5121, 2.3617]
