import torch

x = torch.tensor([[0.5, -1.0], [1.0, 0.3]], requires_grad=True)
W = torch.tensor([[1.0, -0.5], [0.4, 2.0]], requires_grad=True)


def loss(coefficient):
    h = torch.sigmoid(x @ W.T)
    reconstruction = (h @ W - x).pow(2).sum()
    P = 0
    for h_i in h.T:
        dhi_dx = torch.autograd.grad(h_i.sum(), x, create_graph=True)[0]
        P = P + dhi_dx.pow(2).sum()
    return reconstruction + coefficient * P


for coefficient in 0, 1, 1000:
    W.grad = None
    loss(coefficient).backward(inputs=[W])
    dJ_dW = W.grad[0].tolist()
    print(f"coefficient {coefficient:4}:", [round(value, 4) for value in dJ_dW])
#> coefficient    0: [0.2041, 2.4953]
#> coefficient    1: [0.3029, 2.4441]
#> coefficient 1000: [99.0667, -48.7451]
