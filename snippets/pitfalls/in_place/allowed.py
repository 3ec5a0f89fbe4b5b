import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.autograd.graph.allow_mutation_on_saved_tensors():
    g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
    penalty = g.pow(2).sum()
    with torch.no_grad():
        w -= 0.5
    dP_dw = torch.autograd.grad(penalty, w)[0]
print("w:", w.tolist(), "dP_dw:", dP_dw.tolist())
#> w: [0.5, 1.5] dP_dw: [36.0, 288.0]
