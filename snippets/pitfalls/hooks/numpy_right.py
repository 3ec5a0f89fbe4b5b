import numpy
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
norms = []
w.register_hook(lambda grad: norms.append(numpy.linalg.norm(grad.detach().numpy())))
L = (w**3).sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
(L + g.pow(2).sum()).backward()
dT_dw = w.grad
print(f"norms: {norms[0]:.2f} {norms[1]:.2f}, dT_dw: {dT_dw.tolist()}")
#> norms: 12.37 302.52, dT_dw: [39.0, 300.0]
