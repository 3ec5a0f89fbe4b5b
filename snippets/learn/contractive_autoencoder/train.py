import torch
from sklearn.datasets import load_digits

torch.set_default_dtype(torch.float64)
x = torch.tensor(load_digits().data / 16, requires_grad=True)


def train(coefficient, **flags):
    torch.manual_seed(0)
    W = (0.5 * torch.randn(16, 64)).requires_grad_()
    b = torch.zeros(16, requires_grad=True)
    c = torch.zeros(64, requires_grad=True)
    optimizer = torch.optim.Adam([W, b, c], lr=0.02)
    penalties = []
    for _ in range(40):
        h = torch.sigmoid(x @ W.T + b)
        y = torch.sigmoid(h @ W + c)
        reconstruction = (y - x).pow(2).sum() / len(x)
        dh_dx = [
            torch.autograd.grad(h_i.sum(), x, **flags)[0] for h_i in h.T
        ]
        P = sum(dhi_dx.pow(2).sum() for dhi_dx in dh_dx) / len(x)
        J = reconstruction
        if coefficient:
            J = J + coefficient * P
        optimizer.zero_grad()
        J.backward(inputs=[W, b, c])
        optimizer.step()
        penalties.append(P.item())
    first, last = penalties[0], penalties[-1]
    print(f"P {first:.2f} -> {last:.2f}, reconstruction {reconstruction:.2f}")
    return W.detach(), last, reconstruction.item()


W_plain, P_plain, reconstruction_plain = train(0, retain_graph=True)
#> P 7.33 -> 10.34, reconstruction 2.61
W_cut, P_cut, reconstruction_cut = train(0.3, retain_graph=True)
#> P 7.33 -> 10.34, reconstruction 2.61
W_contractive, P_contractive, reconstruction_contractive = train(
    0.3, create_graph=True
)
#> P 7.33 -> 2.40, reconstruction 3.40
cut_is_plain = torch.equal(W_cut, W_plain)
print("cut equals plain:", cut_is_plain)
#> cut equals plain: True
