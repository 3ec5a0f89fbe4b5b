import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
slopes = []
for copies in 1, 2, 4:
    x = torch.tensor([[0.5, -1.0], [1.0, 0.3]]).repeat(copies, 1).requires_grad_()
    E = torch.nn.functional.softplus(-x @ w)
    dE_dx = torch.autograd.grad(E.sum(), x, create_graph=True)[0]
    P = dE_dx.pow(2).sum(dim=1).mean()
    dP_dw = torch.autograd.grad(P, w)[0]
    slopes.append(round(dP_dw[0].item(), 4))

print("dP_dw[0]:", slopes)
#> dP_dw[0]: [-0.3286, -0.3286, -0.3286]
