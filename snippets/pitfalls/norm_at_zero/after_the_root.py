import torch


def dP_dw(length):
    w = torch.zeros(2, requires_grad=True)
    grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    P = length(grad.pow(2).sum())
    return torch.autograd.grad(P, w)[0].tolist()


after = dP_dw(lambda s: s.sqrt() + 1e-12)
clamped = dP_dw(lambda s: s.sqrt().clamp(min=1e-12))
replaced = dP_dw(lambda s: torch.where(s > 0, s.sqrt(), 0.0))
no_nan = dP_dw(lambda s: s.sqrt().nan_to_num())
under = dP_dw(lambda s: (s + 1e-12).sqrt())
clamped_under = dP_dw(lambda s: s.clamp(min=1e-12).sqrt())
print("after", after, "clamped", clamped)
#> after [nan, nan] clamped [nan, nan]
print("replaced", replaced, "no_nan", no_nan)
#> replaced [nan, nan] no_nan [nan, nan]
print("under", under, "clamped_under", clamped_under)
#> under [0.0, 0.0] clamped_under [0.0, 0.0]
