import torch


def penalty(eps, x):
    w = torch.tensor([x, 0.0], dtype=torch.float64, requires_grad=True)
    grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    P = (grad.pow(2).sum() + eps).sqrt()
    dP = torch.autograd.grad(P, w, create_graph=True)[0]
    ddP = torch.autograd.grad(dP[0], w)[0]
    return P.item(), dP[0].item(), ddP[0].item()


small, large = 1e-12, 1e-4
at_zero_small, _, bend_small = penalty(small, 0.0)
at_zero_large, _, bend_large = penalty(large, 0.0)
_, slope_small, _ = penalty(small, 0.001)
_, slope_large, _ = penalty(large, 0.001)
print(f"at zero: {at_zero_small:.6f} {at_zero_large:.6f}")
#> at zero: 0.000001 0.010000
print(f"second derivative at zero: {bend_small:.0f} {bend_large:.0f}")
#> second derivative at zero: 4000000 400
print(f"slope at 0.001: {slope_small:.4f} {slope_large:.4f}")
#> slope at 0.001: 2.0000 0.3922
