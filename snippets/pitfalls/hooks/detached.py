# wrong: dT_dw is [3.0, 12.0], the gradient is [39.0, 300.0]
# right: pitfalls/hooks/not_detached.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
w.register_hook(lambda grad: grad.detach().nan_to_num())
L = (w**3).sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
(L + g.pow(2).sum()).backward()
dT_dw = w.grad
print("g.requires_grad:", g.requires_grad, "dT_dw:", dT_dw.tolist())
#> g.requires_grad: False dT_dw: [3.0, 12.0]
