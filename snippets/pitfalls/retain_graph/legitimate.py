import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
squares = w**2
dL_dw = torch.autograd.grad(squares.sum(), w, retain_graph=True)[0]
dM_dw = torch.autograd.grad(squares.prod(), w)[0]
print("dL_dw:", dL_dw.tolist(), "dM_dw:", dM_dw.tolist())
#> dL_dw: [2.0, 4.0] dM_dw: [8.0, 4.0]
