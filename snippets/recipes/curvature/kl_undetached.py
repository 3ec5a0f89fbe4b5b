# wrong: Fv is 0.0, the product is 1.1806
# right: recipes/curvature/kl_detached.py
import torch

x = torch.tensor([1.0, 0.0, -1.0])
w = torch.tensor(0.5, requires_grad=True)  # the policy: softmax(w * x)

new = torch.log_softmax(w * x, 0)
old = new
kl = (old.exp() * (old - new)).sum()
(g,) = torch.autograd.grad(kl, w, create_graph=True)
(Fv,) = torch.autograd.grad(g, w, torch.tensor(2.0))
print(f"{Fv:.4f}")
#> 0.0000
